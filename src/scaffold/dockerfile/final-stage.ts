/** The image's own stage: it copies, and runs nothing. */
import { appOf, type HealthFacts, isBuilt, type PackageFacts, type ProjectFacts } from '../project-facts.ts'
import { neededLibraries } from './library-stage.ts'
import { tiniPath } from './tini-stage.ts'

export function finalStage(facts: ProjectFacts, dependencyStage: string): string {
  const { health, start } = facts
  const { folder } = appOf(facts)
  const lines = [
    '# The image: it is copied together, nothing of it runs before the service does',
    'FROM ${NODE_IMAGE}',
    ...environment(facts),
    'WORKDIR /app',
    `COPY --from=tini --link ${tiniPath} /usr/bin/tini`,
    ...(neededLibraries(facts).length > 0
      ? [
          'COPY --from=libraries /target/root/usr /usr',
          'COPY --from=libraries /target/root/var/lib/dpkg/status.d /var/lib/dpkg/status.d',
        ]
      : []),
    ...contents(facts, dependencyStage),
    ...(folder === '' ? [] : [`WORKDIR /app/${folder}`]),
    "# The user node, as a number: Kubernetes' runAsNonRoot can check it",
    'USER 1000:1000',
    ...(health ? [`EXPOSE ${health.port}`, healthCheck(health)] : []),
    'ENTRYPOINT ["/usr/bin/tini", "--"]',
    `CMD ${JSON.stringify(start).replaceAll('","', '", "')}`,
  ]
  return lines.join('\n')
}

function environment({ startEnvironment, packages, health }: ProjectFacts): string[] {
  // Docker sets HOSTNAME to the container's id, and Next's server listens on what it says.
  const next =
    packages[0].contents.kind === 'next-standalone'
      ? { HOSTNAME: '0.0.0.0', PORT: String(health?.port ?? 3000), NEXT_TELEMETRY_DISABLED: '1' }
      : {}
  const variables = Object.entries({ NODE_ENV: 'production', ...next, ...startEnvironment })
  return [
    `ENV ${variables.map(([name, value]) => `${name}=${/^[\w./:@-]+$/u.test(value) ? value : JSON.stringify(value)}`).join(' ')}`,
  ]
}

function contents(facts: ProjectFacts, dependencyStage: string): string[] {
  const { packages, dependencies } = facts
  const [app] = packages
  if (app.contents.kind === 'next-standalone') return standalone(app, app.contents.hasPublic)
  const isMonorepo = packages.length > 1 || app.folder !== ''
  if (isMonorepo) {
    return [
      // Each workspace may have a node_modules of its own, and links lead from one to the other.
      `COPY --from=${dependencyStage} --link /app ./`,
      ...packages.flatMap((one) => ownFiles(facts, one)),
    ]
  }
  return [
    ...(dependencies.production
      ? [`COPY --from=${dependencyStage} --link /app/node_modules ./node_modules`]
      : []),
    ...(app.contents.kind === 'folders' ? ['COPY --link package.json ./'] : []),
    ...ownFiles(facts, app),
  ]
}

/** The files of a package, apart from its dependencies. */
function ownFiles(facts: ProjectFacts, { folder, contents: own }: PackageFacts): string[] {
  const place = folder === '' ? '.' : folder
  const inside = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  switch (own.kind) {
    case 'folders':
      return [
        ...(own.files.length > 0 ? [`COPY --link ${own.files.map(inside).join(' ')} ${place}/`] : []),
        ...own.beside.map((name) => `COPY --link ${inside(name)} ${inside(name)}/`),
        ...own.built.map((name) => `COPY --from=build --link /app/${inside(name)} ${inside(name)}/`),
      ]
    case 'everything':
      return [
        isBuilt(facts)
          ? `COPY --from=build --link /app/${folder} ${place}/`
          : `COPY --link ${place} ${place}/`,
      ]
    default:
      return [`COPY --link ${place} ${place}/`]
  }
}

function standalone({ folder }: PackageFacts, hasPublic: boolean): string[] {
  const inside = folder === '' ? '' : `${folder}/`
  return [
    'COPY --from=standalone --link /app ./',
    `COPY --from=build --link /app/${inside}.next/static ${inside}.next/static/`,
    ...(hasPublic ? [`COPY --link ${inside}public ${inside}public/`] : []),
  ]
}

function healthCheck({ port, path }: HealthFacts): string {
  const listens = `env.PORT || ${port}`
  const probe =
    path === undefined
      ? `require('node:net').connect(${listens}, '127.0.0.1', () => exit(0)).on('error', () => exit(1))`
      : `fetch('http://127.0.0.1:' + (${listens}) + '${path}').then((r) => exit(r.ok ? 0 : 1), () => exit(1))`
  return `HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\\n  CMD ["node", "-e", ${JSON.stringify(`const { env, exit } = process; ${probe}`)}]`
}
