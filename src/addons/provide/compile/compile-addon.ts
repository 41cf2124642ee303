/**
 * Compiles a package's addon for a platform on this machine, natively: node-gyp with the headers of the target's Node, a
 * compiler that makes programs for the target, and the sysroot of the base's distribution.
 */
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { npmTargetOf } from '../../../npm/index.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { type AddonRecipe, gypJobs } from '../recipe.ts'
import type { Sysroot } from '../root/sysroot.ts'
import { runStep } from '../run-step.ts'
import { type Compiled, collectBinaries, listFiles } from '../collect-binaries.ts'
import { boundedMake } from '../bounded-make.ts'
import { buildCommand } from '../build-command.ts'
import { compileFailed } from '../compile-failed.ts'
import { quoted, writeCompilerScripts, writeScript } from './compiler-scripts.ts'
import { nodeGypProgram } from '../node-gyp.ts'
import type { NodeKit } from '../node-kit.ts'
import { cargoVariables } from './cargo-variables.ts'
import { writeCmakeToolchain } from './cmake-toolchain.ts'
import { type Toolchain, tupleOf } from './toolchain.ts'
import { neededPlacement, writeWorkTree } from '../work-tree.ts'

export interface CompileInput {
  task: AddonTask
  recipe: AddonRecipe
  toolchain: Toolchain
  sysroot: Sysroot | undefined
  node: NodeKit
  /** calls of the compiler at once */
  jobs: number
}

/** Throws `AddonError` `ADDON_COMPILE_FAILED`, `ADDON_BINARY_WRONG`, `ADDON_LIBRARY_MISSING`. */
export async function compileAddon(
  input: CompileInput,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<Compiled> {
  const { task, toolchain } = input
  await using temporary = await tools.cache.temporaryFolder()
  const root = join(temporary.path, 'app')
  await mkdir(root)
  await writeWorkTree(neededPlacement(task.package.location, task.placement), root, tools, { signal })
  const folder = join(root, task.package.location)
  const before = await listFiles(folder)
  const env = await buildEnvironment(input, root, join(temporary.path, 'bin'), tools, { signal })
  const outcome = await runStep({ ...commandOf(input), folder, env, signal })
  if (outcome.exitCode !== 0) throw compileFailed(task, outcome, toolchain.name)
  return await collectBinaries(
    { ...input, folder, before, strip: stripper(env, { signal }), origin: 'this machine has compiled it' },
    tools,
    { signal },
  )
}

function commandOf({ task, recipe }: CompileInput): { program: string; args: readonly string[] } {
  return { program: 'sh', args: ['-e', '-c', buildCommand(task, recipe)] }
}

/** Settings of compilers and of npm that a user's shell may have: what is compiled must not depend on them. */
const notInherited =
  /^(?:(?:CC|CXX|CPP|AR|AS|LD|NM|RANLIB|STRIP|LINK)(?:_host|_target)?|(?:C|CXX|CPP|LD)FLAGS|CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|PKG_CONFIG.*|MAKEFLAGS|JOBS|NODE_OPTIONS|npm_.*)$/i

async function buildEnvironment(
  input: CompileInput,
  root: string,
  bin: string,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<Record<string, string | undefined>> {
  const { task, recipe, toolchain, sysroot, node } = input
  const inherited = Object.fromEntries(Object.entries(tools.env).filter(([name]) => !notInherited.test(name)))
  const hidden = new Map([
    [root, '/addon'],
    [node.folder, '/node'],
  ])
  if (sysroot) hidden.set(sysroot.folder, '/sysroot')
  const compilers = await writeCompilerScripts(
    bin,
    { toolchain, sysroot, hidden, keepsSymbols: task.settings.strip === false, env: inherited },
    { signal },
  )
  await writePrograms(bin, input)
  const tuple = sysroot?.tuple ?? tupleOf(task.target) ?? ''
  const path = [
    bin,
    join(root, task.package.location, 'node_modules/.bin'),
    join(root, 'node_modules/.bin'),
    inherited.PATH ?? '',
  ]
  return {
    ...inherited,
    ...compilers,
    ...(sysroot ? packageConfig(sysroot) : {}),
    ...(await writeCmakeToolchain(bin, tuple, sysroot)),
    ...cargoVariables(tuple, compilers),
    ...targetVariables(input),
    PATH: path.join(delimiter),
    SOURCE_DATE_EPOCH: '0',
    LC_ALL: 'C',
    ...recipe.env,
  }
}

function packageConfig({ folder, tuple }: Sysroot): Record<string, string> {
  return {
    SYSROOT: folder,
    TUPLE: tuple,
    PKG_CONFIG_SYSROOT_DIR: folder,
    PKG_CONFIG_LIBDIR: [`${folder}/usr/lib/${tuple}/pkgconfig`, `${folder}/usr/share/pkgconfig`].join(':'),
    PKG_CONFIG_PATH: '',
  }
}

/** What the tools that addons are built with are told of the target, each in its own words. */
function targetVariables({ task, node, jobs }: CompileInput): Record<string, string> {
  const { cpu } = npmTargetOf(task.target)
  return {
    npm_config_arch: cpu,
    npm_config_target_arch: cpu,
    npm_config_platform: 'linux',
    npm_config_target_platform: 'linux',
    npm_config_target_libc: task.target.libc,
    npm_config_libc: task.target.libc,
    npm_config_nodedir: node.folder,
    npm_config_build_from_source: 'true',
    npm_config_devdir: join(node.folder, 'none'),
    JOBS: String(jobs),
    npm_config_jobs: String(jobs),
  }
}

/** `node`, `make` and `node-gyp`, whose scripts ask the Node that runs them, and what the recipe puts in the place of a tool. */
async function writePrograms(bin: string, { task, recipe, node, jobs }: CompileInput): Promise<void> {
  const { cpu } = npmTargetOf(task.target)
  const settings = [
    '--release',
    `--arch=${cpu}`,
    `--nodedir=${node.folder}`,
    '-j',
    String(gypJobs(recipe, jobs)),
  ]
  const words = [node.program, nodeGypProgram()].map(quoted).join(' ')
  const further = [...settings, ...(recipe.args ?? [])].map(quoted).join(' ')
  await writeScript(join(bin, 'node'), `exec ${quoted(node.program)} "$@"\n`)
  await writeScript(join(bin, 'make'), boundedMake(jobs))
  await writeScript(join(bin, 'node-gyp'), `exec ${words} "$@" ${further}\n`)
  for (const [name, text] of Object.entries(recipe.shims ?? {})) await writeScript(join(bin, name), text)
}

function stripper(env: Readonly<Record<string, string | undefined>>, { signal }: CancelOptions) {
  const { STRIP: program } = env
  if (program === undefined) return undefined
  return (path: string) => runStep({ program, args: ['--strip-unneeded', path], folder: '/', env, signal })
}
