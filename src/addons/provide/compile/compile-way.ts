/** Compiling as a way to a binary: what it takes is found once for all packages, and nothing is compiled twice. */
import type { CancelOptions } from '../../../base/index.ts'
import { npmTargetOf } from '../../../npm/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import { AddonError } from '../../addon-error.ts'
import type { AddonTarget } from '../addon-target.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { compiledOnce, sourcesKey } from '../compiled-once.ts'
import { findProgram } from '../find-program.ts'
import type { ProvidedBinary } from '../provided-binary.ts'
import { recipeOf } from '../recipe.ts'
import { openSysroot, type Sysroot } from '../root/sysroot.ts'
import type { Way } from '../way.ts'
import type { WorkSlots } from '../work-slots.ts'
import { nodeGypVersion } from '../node-gyp.ts'
import { compileAddon, type CompileInput } from './compile-addon.ts'
import { compileHistory } from '../compile-history.ts'
import { nodeVersionOf, openNodeKit } from '../node-kit.ts'
import { compilerPackage, findToolchain, type Toolchain } from './toolchain.ts'

/** Changed when the same input would give another binary than an earlier release gave. */
const formatVersion = 1

export function compileWay(tools: AddonTools, slots: WorkSlots): Way {
  const toolchains = new Map<string, Promise<Toolchain>>()
  const sysroots = new Map<string, Promise<Sysroot>>()
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>) => {
    const made = known.get(key) ?? make()
    known.set(key, made)
    made.catch(() => {}) // thrown to everybody who asks
    return made
  }
  return async (task, { signal }) => {
    const { target, platform } = task
    const recipe = recipeOf(task)
    const toolchain = await once(toolchains, `${platform} ${task.addon.builder}`, () =>
      requireToolchain(task, tools, { signal }),
    )
    const packages = recipe.packages ?? []
    if (target.libc === 'musl' && packages.length > 0) throw librariesForMusl(task, packages)
    const node = await openNodeKit({ version: nodeVersionOf(task), cpu: npmTargetOf(target).cpu }, tools, {
      signal,
    })
    const sysroot = needsSysroot(toolchain, packages)
      ? await once(sysroots, JSON.stringify([platform, packages, toolchain.kind]), () =>
          openSysroot(target, [...packages, ...librariesOf(toolchain)], tools, { signal }),
        )
      : undefined
    const jobs = Math.min(recipe.jobs ?? slots.jobs, slots.jobs)
    return compileOnce({ task, recipe, toolchain, sysroot, node, jobs }, tools, { signal })
  }
}

function needsSysroot({ ownLibc }: Toolchain, packages: readonly string[]): boolean {
  return !ownLibc || packages.length > 0
}

function librariesForMusl({ name, platform }: AddonTask, packages: readonly string[]): AddonError {
  return new AddonError(
    'ADDON_LIBRARY_MISSING',
    `${name} for ${platform} links system libraries (${packages.join(', ')}), which are to be had for musl in the base's distribution only`,
    {
      kind: 'environment',
      hint: `"addons": {"${name.slice(0, name.lastIndexOf('@'))}": {"emulate": true}} compiles it in a root of the base; a base of Debian, such as node:22-slim, needs no emulation`,
      details: { package: name, platform, packages },
    },
  )
}

/** clang takes gcc's C++ library from the sysroot. */
function librariesOf({ kind }: Toolchain): string[] {
  return kind === 'clang' ? ['libstdc++-dev'] : []
}

async function requireToolchain(
  task: AddonTask,
  { env }: AddonTools,
  { signal }: CancelOptions,
): Promise<Toolchain> {
  const found = process.platform === 'win32' ? undefined : await findToolchain(task.target, env, { signal })
  const programs = await Promise.all(
    programsFor(task).map(async (name) => [name, await findProgram(name, env)] as const),
  )
  const missing = programs.flatMap(([name, path]) => (path === undefined ? [name] : []))
  if (found && missing.length === 0) return found
  throw noToolchain(task, found, missing)
}

/** Beside a compiler. */
function programsFor({ addon: { builder } }: AddonTask): string[] {
  if (builder === 'cargo') return ['cargo']
  return builder === 'cmake-js' ? ['make', 'cmake'] : ['make', 'python3']
}

function noToolchain(task: AddonTask, found: Toolchain | undefined, missing: readonly string[]): AddonError {
  const { name, platform, target } = task
  const compiler = compilerPackage(target)
  const packages = compiler === undefined ? [] : [compiler, ...programsFor(task)]
  const lacking = found ? missing.join(' and ') : whatCompiles(target)
  return new AddonError(
    'ADDON_NEEDS_COMPILER',
    `${name} must be compiled for ${platform}, and this machine has no ${lacking}`,
    {
      kind: 'environment',
      hint: [
        packages.length > 0
          ? `Debian, Ubuntu: apt-get install ${packages.join(' ')}`
          : `put ${target.libc === 'musl' ? 'zig, or a compiler such as aarch64-linux-musl-g++, or for an addon in C clang and lld,' : 'zig'} on the PATH`,
        '--engine buildkit compiles it on, or as, the platform itself; a release of the package with a prebuilt binary needs no compiler',
      ].join('\n'),
      details: { package: name, platform, missing: found ? missing : ['compiler', ...missing], packages },
    },
  )
}

function whatCompiles({ platform, libc }: AddonTarget): string {
  return `compiler for ${formatPlatform(platform)}${libc === 'musl' ? ' with musl' : ''}`
}

function compileOnce(
  input: CompileInput,
  tools: AddonTools,
  options: CancelOptions,
): Promise<ProvidedBinary> {
  const { task, node, toolchain } = input
  return compiledOnce(
    {
      task,
      keyFor: (abi) => binaryKey(input, abi),
      abi: node.abi,
      how: `with ${toolchain.name}`,
      history: compileHistory(task, 'natively', tools.cache),
      make: () => compileAddon(input, tools, options),
    },
    tools,
    options,
  )
}

/** Everything that a compiled binary depends on. */
function binaryKey({ task, recipe, toolchain, sysroot }: CompileInput, abi: string): string {
  const { target } = task
  return JSON.stringify([
    formatVersion,
    ...sourcesKey(task),
    abi,
    formatPlatform(target.platform),
    target.libc,
    [toolchain.kind, toolchain.version, nodeGypVersion()],
    toolchain.ownLibc ? (target.glibc ?? null) : null,
    sysroot?.key ?? null,
    recipe,
    task.settings.strip ?? true,
  ])
}
