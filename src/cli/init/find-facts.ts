/** Looks at a project: everything that the generated files are written from. */
import { existsSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type CancelOptions, compareText } from '../../base/index.ts'
import {
  chooseNode,
  type Configuration,
  mergeConfiguration,
  type NodeChoice,
  type PackageJson,
  planLifecycleScripts,
  readConfiguration,
  readNodeWishes,
  readPackageJson,
  ProjectError,
  readProjectFile,
  type StartCommand,
  startCommand,
} from '../../project/index.ts'
import { libcOf, type ProjectFacts } from '../../scaffold/index.ts'
import type { CommandContext } from '../context.ts'
import { findAddons } from './find-addons.ts'
import { findBuild, findContents } from './find-build.ts'
import { type FoundHealth, findService } from './find-service.ts'
import { type FoundManager, findManager } from './find-manager.ts'
import { dependenciesOf, findPackages, type FoundPackages } from './find-packages.ts'
import { InitError } from './init-error.ts'
import { otherNodeWarning } from './other-node-warning.ts'
import { prismaWarning } from './prisma-warning.ts'

export interface FindFactsOptions {
  root: string
  /** what the command line says; it wins */
  flags: Configuration
  /** a base image for the Dockerfile, instead of the one that follows from Node's version */
  base?: string
  cacheDir?: string
  /** the project keeps its Dockerfile, which says how the service starts */
  ownDockerfile: boolean
}

export interface FoundFacts {
  facts: ProjectFacts
  configuration: Configuration
  /** of the configuration that is there; undefined when there is none */
  configurationFile: string | undefined
  /** the folder of the workspace that is the service; undefined for the root */
  workspace: string | undefined
  manager: FoundManager
  node: NodeChoice
  health: FoundHealth | undefined
  warnings: string[]
}

const defaultPlatforms = ['linux/amd64', 'linux/arm64']

/** Throws `ProjectError` and `InitError` for a project that no image can be made of. */
export async function findFacts(options: FindFactsOptions, context: CommandContext): Promise<FoundFacts> {
  const { root, flags } = options
  const { signal } = context
  const rootPackage = await readPackageJson(root, '', { signal })
  const read = await readConfiguration(root, { packageJson: rootPackage, signal })
  const configuration = mergeConfiguration(read.configuration, flags)
  const packages = await findPackages(root, rootPackage, configuration.workspace, { signal })
  const manager = await findManager(root, rootPackage, { signal })
  const dependencies = dependenciesOf([rootPackage, ...packages.workspaces.map((one) => one.packageJson)])
  refuseWithoutLockfile(manager, dependencies)
  const node = await nodeOf(root, packages, { signal })
  const platforms = configuration.platforms ?? defaultPlatforms
  const base = baseOf(options, configuration, node)
  const build = findBuild(packages, configuration, manager)
  const isBuilt = build.length > 0
  const { start, contents } = await serviceOf(root, packages, configuration, {
    isBuilt,
    ownDockerfile: options.ownDockerfile,
    signal,
  })
  const { packageJson } = packages.app
  const { health, handlesSigterm } = await findService(
    join(root, packages.app.folder),
    packageJson,
    configuration,
    start.cmd,
    {
      signal,
    },
  )
  const { app, workspaces } = packages
  const project = { root, rootPackage, app, workspaces, configuration, configurationFiles: [] }
  const cacheDir = options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }
  const found = await findAddons(
    { root, manager, platforms, libc: libcOf(base), project, ...cacheDir },
    context,
  )
  if (!options.ownDockerfile) refuseUnsuitableBase(base, found.addons.length > 0)
  const npmrc = await npmrcOf(root, { signal })
  const facts: ProjectFacts = {
    name: imageName(packageJson, root),
    manager,
    nodeVersion: node.version,
    base,
    platforms,
    dependencies,
    installFiles: installFiles(root, packages, manager, npmrc),
    secretNpmrc: npmrc.secret,
    npmrcVariables: npmrc.variables,
    installScripts: planLifecycleScripts(rootPackage).run.map(({ event }) => event),
    build,
    packages: contents.packages,
    ...(contents.framework ? { framework: contents.framework } : {}),
    ...workspaceName(packages),
    start: start.cmd,
    handlesSigterm: handlesSigterm || contents.framework !== undefined,
    startEnvironment: start.env,
    ...(health ? { health } : {}),
    addons: found.addons,
  }
  const own = options.ownDockerfile
    ? []
    : [
        await prismaWarning(root, packages, { signal }),
        await otherNode(options, configuration, node, { signal }),
      ]
  const warnings = [
    ...[...start.findings, ...node.findings].map(({ message }) => message),
    ...found.warnings,
    ...own.filter((warning) => warning !== undefined),
  ]
  const workspace = app.folder === '' ? undefined : app.folder
  return { facts, configuration, configurationFile: read.file, workspace, manager, node, health, warnings }
}

/** A base that was asked for is meant. */
async function otherNode(
  { root, base }: FindFactsOptions,
  configuration: Configuration,
  node: NodeChoice,
  options: CancelOptions,
): Promise<string | undefined> {
  return base === undefined && configuration.base === undefined
    ? otherNodeWarning(root, node, options)
    : undefined
}

async function nodeOf(
  root: string,
  { root: rootPackage, app }: FoundPackages,
  options: CancelOptions,
): Promise<NodeChoice> {
  const sources = app.folder === '' ? [rootPackage] : [app.packageJson, rootPackage]
  return chooseNode(await readNodeWishes(root, sources, options), new Date())
}

/** Debian 13 has the newest C library that Node's images offer, and prebuilt addons ask for newer and newer ones. */
function baseOf(
  { base }: FindFactsOptions,
  configuration: Configuration,
  { major, version }: NodeChoice,
): string {
  const configured = typeof configuration.base === 'string' ? configuration.base : undefined
  const usable = configured?.startsWith('oci:') ? undefined : configured
  return base ?? usable ?? `node:${version}-${major >= 20 ? 'trixie' : 'bookworm'}-slim`
}

function refuseUnsuitableBase(base: string, hasAddons: boolean): void {
  if (libcOf(base) === 'glibc' || !hasAddons) return
  throw new InitError(
    'INIT_BASE_UNSUITABLE',
    `addons have to be compiled, and there is no cross compiler for ${base}`,
    {
      kind: 'usage',
      hint: 'use a base on Debian: --base node:22-trixie-slim, or "base" in everyarch.config.json',
      details: { base },
    },
  )
}

function refuseWithoutLockfile({ lockfile, name }: FoundManager, { any }: { any: boolean }): void {
  if (lockfile !== undefined || !any) return
  const program = name === 'yarn-classic' ? 'yarn' : name
  throw new InitError('INIT_LOCKFILE_MISSING', `the project has dependencies and no lockfile of ${program}`, {
    kind: 'usage',
    hint: `an image that can be built again needs one: run \`${program} install\` and commit what it writes`,
  })
}

async function serviceOf(
  root: string,
  packages: FoundPackages,
  { image }: Configuration,
  options: CancelOptions & { isBuilt: boolean; ownDockerfile: boolean },
) {
  const { app } = packages
  const folder = join(root, app.folder)
  // What a build writes is not there yet.
  const exists = (path: string) => existsSync(join(folder, path)) || (options.isBuilt ? undefined : false)
  const contentsFor = (start: string | undefined) => findContents(root, packages, start, options)
  const { framework } = await contentsFor(undefined)
  const known = (path: string) =>
    framework === 'next-standalone' && path === 'server.js' ? true : exists(path)
  const start = startOf(app.packageJson, image, known, options.ownDockerfile)
  return {
    start: { ...start, cmd: [...start.entrypoint, ...start.cmd] },
    contents: await contentsFor(start.script),
  }
}

/** A Dockerfile that stays says itself how the service starts: then it need not follow from package.json. */
function startOf(
  packageJson: PackageJson,
  image: Configuration['image'],
  exists: (path: string) => boolean | undefined,
  ownDockerfile: boolean,
): StartCommand {
  try {
    return startCommand(packageJson, image, exists)
  } catch (error) {
    if (!ownDockerfile || !(error instanceof ProjectError)) throw error
    return { entrypoint: [], cmd: [], env: {}, from: 'the Dockerfile', findings: [] }
  }
}

function workspaceName({ app }: FoundPackages): { workspaceName?: string } {
  return app.folder === '' ? {} : { workspaceName: app.packageJson.name ?? `./${app.folder}` }
}

/** The name of a package without its scope, as image names have to be. */
function imageName({ name }: PackageJson, root: string): string {
  const text = (name ?? posix.basename(root.replaceAll('\\', '/'))).replace(/^@[^/]*\//u, '').toLowerCase()
  return text.replaceAll(/[^a-z0-9._-]+/gu, '-').replaceAll(/^[._-]+|[._-]+$/gu, '') || 'service'
}

interface Npmrc {
  /** it is a file like any other */
  copied: boolean
  /** it holds a token itself */
  secret: boolean
  /** variables with tokens that it refers to */
  variables: string[]
}

async function npmrcOf(root: string, options: CancelOptions): Promise<Npmrc> {
  const text = await readProjectFile(root, '.npmrc', options)
  const values = [...(text ?? '').matchAll(/(?:^|:)_(?:auth|authToken|password)\s*=\s*(\S+)/gmu)].map(
    ([, value = '']) => value,
  )
  const secret = values.some((value) => !/^["']?\$\{\w+\}["']?$/u.test(value))
  const variables = [...(text ?? '').matchAll(/\$\{(\w+)\}/gu)].map(([, name = '']) => name)
  return { copied: text !== undefined && !secret, secret, variables: [...new Set(variables)] }
}

/** Files beside package.json that an install reads, by manager; of them those that are there. */
const settingsFiles: Readonly<Record<FoundManager['name'], readonly string[]>> = {
  npm: ['patches/'],
  pnpm: ['pnpm-workspace.yaml', '.pnpmfile.cjs', 'patches/'],
  yarn: ['.yarnrc.yml', '.yarn/releases/', '.yarn/patches/', '.yarn/plugins/'],
  'yarn-classic': ['.yarnrc', 'patches/'],
  bun: ['bunfig.toml', 'patches/'],
}

function installFiles(
  root: string,
  { workspaces }: FoundPackages,
  { name, lockfile }: FoundManager,
  npmrc: Npmrc,
): string[] {
  const settings = settingsFiles[name].filter((file) => existsSync(join(root, file)))
  const present = settings.filter((file) => !file.endsWith('/') || readdirSync(join(root, file)).length > 0)
  return [
    'package.json',
    ...(lockfile === undefined ? [] : [lockfile]),
    ...(npmrc.copied ? ['.npmrc'] : []),
    ...present,
    ...workspaces.map(({ folder }) => `${folder}/package.json`).sort(compareText),
  ]
}
