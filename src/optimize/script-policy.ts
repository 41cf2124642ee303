/** Which install scripts must run on the image's platform after an install that ran none. */
import type { LockedPackage } from '../lockfile/index.ts'
import { architectureOf, isCarrier, nativePackages, needsScript } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'
import type { InstallStep } from './install-step.ts'
import { versionOf } from './package-manager.ts'

/**
 * Packages whose install script changes nothing where their binaries for amd64 and arm64 came with the install: it looks
 * whether they load, or prints something. Read from the packages of these versions.
 */
const harmless: Record<string, (major: number, minor: number) => boolean> = {
  sharp: (major, minor) => major > 0 || minor >= 33,
  bcrypt: (major) => major >= 6,
  argon2: (major, minor) => major > 0 || minor >= 45,
  '@swc/core': (major) => major >= 1,
  '@parcel/watcher': (major) => major >= 2,
  'msgpackr-extract': (major) => major >= 3,
  lmdb: (major) => major >= 3,
  '@serialport/bindings-cpp': (major) => major >= 13,
  '@datadog/pprof': (major) => major >= 5,
  '@datadog/native-metrics': (major) => major >= 4,
  '@sentry/node-cpu-profiler': (major) => major >= 2,
  'better-sqlite3': (major) => major >= 13,
  'unrs-resolver': () => true,
  'core-js': () => true,
  'core-js-pure': () => true,
  'core-js-bundle': () => true,
  protobufjs: () => true,
  'es5-ext': () => true,
  '@nestjs/core': () => true,
}

const lifecycle = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
]

/**
 * The packages to rebuild on the image's platform; none when the step ran no scripts, or none that matters. `why` says why that
 * is not known.
 */
export function scriptsToRun(
  view: BuildView,
  step: InstallStep,
  rebuildsAll: boolean,
): { names: string[] } | { why: string } {
  const { project } = view.facts
  if (step.ignoresScripts && !rebuildsAll) return { names: [] }
  if (!project.scripts)
    return { why: 'package.json could not be read, and with it whether it has install scripts' }
  const own = lifecycle.find((name) => !isHarmlessScript(project.scripts?.[name] ?? ''))
  if (own)
    return {
      why: `package.json has a ${own} script that runs with the install, and what it makes is not known`,
    }
  if (step.manager === 'pnpm' && (versionOf(project, 'pnpm')?.major ?? 0) >= 10) return allowedScripts(view)
  if (step.manager !== 'npm')
    return { why: `${step.manager} runs install scripts, and its lockfile does not say of which packages` }
  if (!project.packages) return { why: 'there is no package-lock.json that could be read' }
  const installed = project.packages.filter((entry) => !(step.production && entry.dev) && fitsLinux(entry))
  const native = new Set(nativePackages(installed).filter((entry) => !isCarrier(entry)))
  const waiting = installed.filter(
    (entry) =>
      entry.hasInstallScript ||
      needsScript(entry) ||
      (native.has(entry) && !entry.optional && compilesByItself(entry)),
  )
  const names = waiting.filter((entry) => !isHarmless(entry, view.platforms)).map(({ name }) => name)
  return { names: [...new Set(names)].sort() }
}

/** pnpm 10 and later runs the scripts of these packages only; without scripts it would write other links to commands. */
function allowedScripts({ facts: { project } }: BuildView): { names: string[] } | { why: string } {
  if (!project.allowedBuilds) return { why: 'which packages pnpm may build is not known' }
  const [first] = project.allowedBuilds
  return first === undefined
    ? { names: [] }
    : { why: `pnpm may run the install script of ${first}, and what it makes is not known` }
}

/** Husky finds no repository in an image. */
function isHarmlessScript(script: string): boolean {
  return script === '' || /^(?:is-ci \|\| )?husky(?: install)?(?: \|\| (?:true|exit 0))?$/u.test(script)
}

function fitsLinux({ os }: LockedPackage): boolean {
  return (
    os === undefined ||
    os.includes('linux') ||
    (os.every((name) => name.startsWith('!')) && !os.includes('!linux'))
  )
}

/** npm compiles a package with a binding.gyp that has no install script; the lock does not say which have one. */
function compilesByItself(entry: LockedPackage): boolean {
  return (
    'nan' in entry.dependencies || 'node-addon-api' in entry.dependencies || 'bindings' in entry.dependencies
  )
}

function isHarmless({ name, version = '' }: LockedPackage, platforms: readonly string[]): boolean {
  const [major = Number.NaN, minor = 0] = version.split('.').map(Number)
  const covered = platforms.every((platform) => ['amd64', 'arm64'].includes(architectureOf(platform)))
  return covered && (harmless[name]?.(major, minor) ?? false)
}
