/**
 * The Dockerfile: stages on the builder's own CPU do all the work, and the image's own stage only copies. No step runs under
 * emulation, whatever the platforms are.
 *
 *     build (native) ─────────────────────────────┐
 *     deps (native, for the target) ──▶ addons ───┼──▶ the image
 *     tini, libraries (native, for the target) ───┘
 */
import { appOf, isBuilt, type ProjectFacts } from '../project-facts.ts'
import { finalStage } from './final-stage.ts'
import { installAll, installProduction, managerEnvironment, managerStep } from './installs.ts'
import { libraryStage } from './library-stage.ts'
import { standaloneStage } from './standalone-stage.ts'
import { tiniStage } from './tini-stage.ts'
import { toolchainStages } from './toolchain-stages.ts'

/** Pure. The text ends with a line end. */
export function toDockerfile(facts: ProjectFacts): string {
  const { addons, dependencies } = facts
  const app = appOf(facts)
  const dependencyStage = addons.length > 0 ? 'addons' : 'deps'
  const parts = [
    head(facts),
    ...(isBuilt(facts) ? [buildStage(facts)] : []),
    ...(dependencies.production ? [productionStage(facts)] : []),
    ...(addons.length > 0 ? [toolchainStages(facts)] : []),
    ...(app.contents.kind === 'next-standalone' ? [standaloneStage(app, dependencyStage)] : []),
    libraryStage(facts),
    tiniStage(facts),
    finalStage(facts, dependencyStage),
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}

function head({ base }: ProjectFacts): string {
  return `# To pin the base by its digest: --build-arg NODE_IMAGE=${base}@sha256:…, or write it here
ARG NODE_IMAGE=${base}`
}

/** Everything that is the same for all platforms. */
function buildStage(facts: ProjectFacts): string {
  const { build, dependencies, installScripts } = facts
  const commands = [...installScripts.map((script) => runScript(facts, script)), ...build]
  const installs = dependencies.any ? [...copyInstallFiles(facts), installAll(facts)] : []
  const leaves = facts.packages.some(({ contents }) => contents.kind === 'everything')
    ? // What is copied from here must not bring packages for the builder's own CPU.
      ['RUN find . -name node_modules -prune -exec rm -rf {} +']
    : []
  return [
    '# The build: once, on the CPU of the builder; its output is the same for every platform',
    'FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build',
    ...opening(facts),
    ...installs,
    'COPY . .',
    `RUN ${commands.join(' \\\n    && ')}`,
    ...leaves,
  ].join('\n')
}

/** Production dependencies for the target, resolved and unpacked by the builder; no install script runs. */
function productionStage(facts: ProjectFacts): string {
  const { installScripts } = facts
  const scripts = isBuilt(facts) ? installScripts : []
  const own =
    scripts.length === 0
      ? []
      : [
          `# The project's own ${scripts.join(' and ')} may change what is installed: with the tools of the build stage`,
          'COPY . .',
          'RUN --mount=type=bind,from=build,source=/app/node_modules,target=/tools/node_modules \\\n' +
            `    export PATH="/tools/node_modules/.bin:$PATH" \\\n    && ${scripts.map((script) => runScript(facts, script)).join(' \\\n    && ')}`,
        ]
  return [
    "# Production dependencies: the target's, installed on the CPU of the builder; no install script runs",
    'FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS deps',
    ...opening(facts),
    'ARG TARGETARCH',
    ...copyInstallFiles(facts),
    installProduction(facts),
    ...own,
  ].join('\n')
}

function opening(facts: ProjectFacts): string[] {
  const manager = managerStep(facts)
  return [...(manager ? [manager] : []), ...managerEnvironment(facts), 'WORKDIR /app']
}

function runScript({ manager }: ProjectFacts, script: string): string {
  return `${manager.name === 'yarn-classic' ? 'yarn' : manager.name} run ${script}`
}

/** One COPY for each folder that has files which the install reads. */
function copyInstallFiles({ installFiles }: ProjectFacts): string[] {
  const folders = new Map<string, string[]>()
  for (const file of installFiles) {
    const isFolder = file.endsWith('/')
    const slash = file.lastIndexOf('/', file.length - 2)
    const folder = isFolder ? file : slash < 0 ? './' : `${file.slice(0, slash)}/`
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  return [...folders].map(([folder, files]) => `COPY ${files.join(' ')} ${folder}`)
}
