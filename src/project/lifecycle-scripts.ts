/**
 * The project's own lifecycle scripts: what `npm ci` would run for the root package and for workspaces. Installing is ours,
 * and it runs no script of theirs, so they are run here, in the build folder, with all dependencies in place, in npm's
 * order (npm, too, runs the root's `preinstall` after everything is installed). What they change in node_modules goes into the
 * image as an overlay over the dependency layers (`dependency-overlay.ts`): patch-package and prisma work by that.
 *
 * Not run, and said so, are scripts that can do nothing for an image: git hooks (the build folder is no repository), checks of the
 * package manager, and a `prepare` that is the build, which follows anyway. Scripts that compile machine code run,
 * with a warning: what they make fits this machine only.
 */
import type { Finding } from '../base/index.ts'
import type { PackageJson } from './package-json.ts'
import type { Workspace } from './workspaces/workspaces.ts'

const events = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
] as const

/** A lifecycle script of a package of the project. */
export interface LifecycleScript {
  event: (typeof events)[number]
  command: string
  /** the package's folder, relative to the root */
  folder: string
}

/** What becomes of the lifecycle scripts. */
export interface LifecyclePlan {
  /** run in the build folder, in this order, with all dependencies, before the build script */
  run: LifecycleScript[]
  /** not run, because they can do nothing for an image */
  skipped: (LifecycleScript & { reason: string })[]
  /** variables that they run with: they keep tools that install git hooks quiet inside longer commands */
  env: Readonly<Record<string, string>>
  /** whether changes to node_modules by those scripts have to be looked for */
  mayChangeDependencies: boolean
  findings: Finding[]
}

/**
 * Pure. `linked` are the workspaces that the image needs; their scripts run before the root's, as npm does it. `withGyp` are the
 * folders with a `binding.gyp`: npm compiles it where no script does.
 */
export function planLifecycleScripts(
  rootPackage: PackageJson,
  linked: readonly Workspace[] = [],
  withGyp: ReadonlySet<string> = new Set(),
): LifecyclePlan {
  const packages = [...linked, { folder: '', packageJson: rootPackage }]
  const scripts = packages.flatMap(({ folder, packageJson }) =>
    scriptsOf(packageJson).map((script) => ({
      script: { ...script, folder },
      reason: reasonToSkip(script, packageJson),
    })),
  )
  const run = scripts.filter(({ reason }) => reason === undefined).map(({ script }) => script)
  const skipped = scripts.flatMap(({ script, reason }) =>
    reason === undefined ? [] : [{ ...script, reason }],
  )
  return {
    run,
    skipped,
    env: { HUSKY: '0', LEFTHOOK: '0', SKIP_SIMPLE_GIT_HOOKS: '1' },
    mayChangeDependencies: run.length > 0,
    findings: [
      ...skipped.map(skippedFinding),
      ...run.filter(compiles).map(compilesFinding),
      ...packages.filter((part) => withGyp.has(part.folder) && isCompiledByNpm(part)).map(ownAddonFinding),
    ],
  }
}

type Script = Pick<LifecycleScript, 'event' | 'command'>

function scriptsOf({ scripts }: PackageJson): Script[] {
  return events.flatMap((event) => {
    const command = scripts[event]?.trim()
    return command ? [{ event, command }] : []
  })
}

const gitHooks =
  /^(?:is-ci \|\| |npx (?:--yes |-y |--no )?)?(?:husky(?: install)?(?: [\w./-]+)?|lefthook install(?: -f)?|simple-git-hooks|pre-commit install|yorkie)(?: \|\| (?:true|exit 0))?$/
const managerCheck = /^(?:npx (?:--yes |-y )?)?only-allow \w+$/

function reasonToSkip({ event, command }: Script, { scripts }: PackageJson): string | undefined {
  if (gitHooks.test(command)) return 'it installs git hooks'
  if (managerCheck.test(command)) return 'it checks which package manager installs'
  const runsBuild =
    /^(?:npm run|yarn(?: run)?|pnpm(?: run)?) build$/.test(command) || command === scripts.build
  return event === 'prepare' && runsBuild && scripts.build ? 'it is the build, which runs once' : undefined
}

function skippedFinding({ event, command, folder, reason }: LifecycleScript & { reason: string }): Finding {
  return {
    rule: 'project/lifecycle-script-skipped',
    severity: 'info',
    message: `scripts.${event}${placeOf(folder)} (${command}) is not run: ${reason}`,
    details: { event, command, folder },
  }
}

function compiles({ command }: LifecycleScript): boolean {
  return /\b(?:node-gyp|node-pre-gyp|prebuild-install|cmake-js|napi build|neon build|electron-rebuild|npm rebuild)\b/.test(
    command,
  )
}

function compilesFinding({ event, command, folder }: LifecycleScript): Finding {
  return {
    rule: 'project/lifecycle-script-compiles',
    severity: 'warning',
    message: `scripts.${event}${placeOf(folder)} (${command}) makes machine code for this machine only`,
    hint: 'none of it goes into the image: native addons of dependencies are provided for each platform by everyarch',
    details: { event, command, folder },
  }
}

function isCompiledByNpm({ packageJson: { scripts, document } }: Workspace): boolean {
  return !scripts['preinstall'] && !scripts['install'] && document['gypfile'] !== false
}

function ownAddonFinding({ folder }: Workspace): Finding {
  const file = folder === '' ? 'binding.gyp' : `${folder}/binding.gyp`
  return {
    rule: 'project/lifecycle-script-compiles',
    severity: 'warning',
    message: `${file} is not compiled: npm would run node-gyp rebuild, which makes machine code for this machine only`,
    hint: 'if the service needs that addon, make it a dependency: those are provided for each platform',
    details: { file, folder },
  }
}

function placeOf(folder: string): string {
  return folder === '' ? '' : ` of ${folder}`
}
