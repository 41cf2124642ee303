/** How each package manager is brought into a stage, and how it installs: everything for the build, production for the target. */
import type { ManagerFacts, PackageManager, ProjectFacts } from '../project-facts.ts'
import { libcOf } from '../project-facts.ts'
import { caseOfArchitecture } from './architecture-names.ts'

interface Installs {
  /** the cache mount that makes a second install quick */
  readonly cache: string
  /** the package that brings the manager; undefined where the base has it */
  readonly package: ((manager: ManagerFacts) => string) | undefined
  /** variables of the stage that installs */
  readonly environment: readonly string[]
  /** everything, for the builder's own CPU */
  readonly all: string
  /** production dependencies for `$cpu`, as commands that have to succeed one after another */
  readonly production: (facts: ProjectFacts, libc: 'glibc' | 'musl') => readonly string[]
  /** it cannot choose a platform, or no C library: what is for others is removed afterwards */
  readonly leavesForeignBinaries: boolean
}

const installs: Readonly<Record<PackageManager, Installs>> = {
  npm: {
    cache: '/root/.npm',
    package: undefined,
    environment: [],
    all: 'npm ci --ignore-scripts --no-audit --no-fund',
    production: ({ workspaceName }, libc) => {
      const workspace =
        workspaceName === undefined ? '' : ` --workspace=${workspaceName} --include-workspace-root`
      return [
        `npm ci --omit=dev --ignore-scripts --no-audit --no-fund --os=linux --cpu="$cpu" --libc=${libc}${workspace}`,
      ]
    },
    leavesForeignBinaries: false,
  },
  pnpm: {
    cache: '/pnpm/store',
    package: ({ version }) => `pnpm@${version}`,
    environment: ['CI=true', 'npm_config_store_dir=/pnpm/store'],
    all: 'pnpm install --frozen-lockfile --ignore-scripts',
    production: ({ workspaceName, manager }, libc) => {
      const filter = workspaceName === undefined ? '' : ` --filter="${workspaceName}..."`
      const install = `pnpm install --frozen-lockfile --prod --ignore-scripts${filter}`
      if (choosesPlatform(manager)) return [`${install} --os=linux --cpu="$cpu" --libc=${libc}`]
      const key = 'pnpm.supportedArchitectures'
      return [`npm pkg set "${key}.os[]=linux" "${key}.cpu[]=$cpu" "${key}.libc[]=${libc}"`, install]
    },
    leavesForeignBinaries: false,
  },
  yarn: {
    cache: '/root/.yarn/berry/cache',
    package: ({ version }) => `@yarnpkg/cli-dist@${version}`,
    environment: ['YARN_ENABLE_SCRIPTS=false', 'YARN_NODE_LINKER=node-modules', 'YARN_ENABLE_TELEMETRY=0'],
    all: 'yarn install --immutable',
    production: ({ workspaceName }, libc) => [
      `yarn config set supportedArchitectures --json "{\\"os\\":[\\"linux\\"],\\"cpu\\":[\\"$cpu\\"],\\"libc\\":[\\"${libc}\\"]}"`,
      `yarn workspaces focus --production ${workspaceName ?? '--all'}`,
    ],
    leavesForeignBinaries: false,
  },
  'yarn-classic': {
    cache: '/usr/local/share/.cache/yarn',
    package: ({ version }) => `yarn@${version}`,
    environment: [],
    all: 'yarn install --frozen-lockfile --ignore-scripts --non-interactive',
    production: () => [
      'yarn install --production --frozen-lockfile --ignore-scripts --ignore-platform --non-interactive',
    ],
    leavesForeignBinaries: true,
  },
  bun: {
    cache: '/root/.bun/install/cache',
    package: ({ version }) => `bun@${version}`,
    environment: [],
    all: 'bun install --frozen-lockfile --ignore-scripts',
    production: () => ['bun install --frozen-lockfile --production --ignore-scripts --os=linux --cpu="$cpu"'],
    leavesForeignBinaries: true,
  },
}

/** pnpm takes --os, --cpu and --libc from 10.14 on; a bare major means its newest version. */
function choosesPlatform({ version }: ManagerFacts): boolean {
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.split('.').map(Number)
  return major > 10 || (major === 10 && minor >= 14)
}

/** RUN that brings the manager into a stage; undefined where the base has it. */
export function managerStep({ manager }: ProjectFacts): string | undefined {
  const spec = installs[manager.name].package?.(manager)
  return spec && `RUN --mount=type=cache,target=/root/.npm npm install --global ${spec}`
}

/** ENV lines of a stage that installs. */
export function managerEnvironment({ manager }: ProjectFacts): string[] {
  const { environment } = installs[manager.name]
  return environment.length === 0 ? [] : [`ENV ${environment.join(' ')}`]
}

/** RUN that installs everything, natively. */
export function installAll(facts: ProjectFacts): string {
  return runWithCache(facts, [installs[facts.manager.name].all])
}

/** RUN that installs production dependencies for the target, natively; the stage has to declare TARGETARCH. */
export function installProduction(facts: ProjectFacts): string {
  const libc = libcOf(facts.base)
  const { production, leavesForeignBinaries } = installs[facts.manager.name]
  const commands = production(facts, libc)
  const usesCpu = commands.some((command) => command.includes('$cpu'))
  const map = usesCpu ? [caseOfArchitecture('cpu', 'cpu', facts.platforms)] : []
  // Without any production dependency there may be no node_modules, and COPY wants one.
  const install = runWithCache(facts, [...map, ...commands, 'mkdir -p node_modules'])
  return leavesForeignBinaries ? `${install}\n${removeForeign(libc)}` : install
}

function runWithCache(
  { manager, secretNpmrc, npmrcVariables }: ProjectFacts,
  commands: readonly string[],
): string {
  const mounts = [
    `--mount=type=cache,target=${installs[manager.name].cache}`,
    ...(secretNpmrc ? ['--mount=type=secret,id=npmrc,target=/app/.npmrc'] : []),
    ...npmrcVariables.map((name) => `--mount=type=secret,id=${name}`),
  ]
  const secrets = npmrcVariables.map((name) => `export ${name}="$(cat /run/secrets/${name})"`)
  const body = [...secrets, ...commands].map((command, index) => `${index === 0 ? '' : '&& '}${command}`)
  return `RUN ${[...mounts, ...body].join(' \\\n    ')}`
}

/** Packages say for which platform they are; those for another one go. */
function removeForeign(libc: 'glibc' | 'musl'): string {
  return `# This package manager cannot choose all of system, CPU and C library: packages for another platform go
RUN node <<'EOF'
const { readdirSync, readFileSync, rmSync } = require('node:fs')
const { dirname } = require('node:path')
const { TARGETARCH } = require('node:process').env
const arch = { amd64: 'x64', 386: 'ia32', ppc64le: 'ppc64' }[TARGETARCH] ?? TARGETARCH
const fits = (list, own) =>
  !list || (list.some((item) => !item.startsWith('!')) ? list.includes(own) : !list.includes('!' + own))
const manifest = /(?:^|\\/)node_modules\\/(?:@[^/]+\\/)?[^/@.][^/]*\\/package\\.json$/
for (const file of readdirSync('.', { recursive: true }).filter((path) => manifest.test(path))) {
  const { name, os, cpu, libc } = JSON.parse(readFileSync(file, 'utf8'))
  const named = /linux-?musl|-musl/.test(name) ? ['musl'] : /linux.*-gnu/.test(name) ? ['glibc'] : undefined
  if (fits(os, 'linux') && fits(cpu, arch) && fits(libc ?? (os && named), '${libc}')) continue
  rmSync(dirname(file), { recursive: true })
}
EOF`
}
