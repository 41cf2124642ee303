/** Compiling as a way to a binary: what it takes is found once for all packages, and nothing is compiled twice. */
import type { CancelOptions } from '../../../base/index.ts'
import { npmTargetOf } from '../../../npm/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import { AddonError } from '../../addon-error.ts'
import type { AddonTarget } from '../addon-target.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { keepBinary, keptBinary } from '../binary-cache.ts'
import { findProgram } from '../find-program.ts'
import type { ProvidedBinary } from '../provided-binary.ts'
import { type AddonRecipe, builtInRecipe } from '../recipe.ts'
import { openSysroot, type Sysroot } from '../root/sysroot.ts'
import type { Way } from '../way.ts'
import type { WorkSlots } from '../work-slots.ts'
import { compileAddon, type CompileInput, nodeGypVersion } from './compile-addon.ts'
import { compileHistory } from './compile-history.ts'
import { openNodeKit } from '../node-kit.ts'
import { findToolchain, type Toolchain, toolchainPackages } from './toolchain.ts'
import { neededPlacement } from '../work-tree.ts'

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
    const toolchain = await once(toolchains, platform, () => requireToolchain(task, tools, { signal }))
    const packages = [...(recipe.packages ?? [])].sort()
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

function recipeOf({ package: { name }, addon, settings }: AddonTask): AddonRecipe {
  const builtIn = builtInRecipe(name)
  const { packages, env, args, script, jobs } = settings
  const asked = addon.needs?.systemLibraries.map(({ debianDev }) => debianDev) ?? []
  return {
    ...builtIn,
    ...(script ? { script } : {}),
    ...(jobs ? { jobs } : {}),
    packages: [...new Set([...(builtIn.packages ?? []), ...asked, ...(packages ?? [])])],
    env: { ...builtIn.env, ...env },
    args: [...(builtIn.args ?? []), ...(args ?? [])],
  }
}

function needsSysroot({ ownLibc }: Toolchain, packages: readonly string[]): boolean {
  return !ownLibc || packages.length > 0
}

/** clang takes gcc's C++ library from the sysroot. */
function librariesOf({ kind }: Toolchain): string[] {
  return kind === 'clang' ? ['libstdc++-dev'] : []
}

function nodeVersionOf({ name, platform, target }: AddonTask): string {
  if (target.nodeVersion !== undefined) return target.nodeVersion
  throw new AddonError(
    'ADDON_HEADERS_MISSING',
    `${name} cannot be compiled for ${platform}: the base image does not say which Node it has`,
    {
      kind: 'usage',
      hint: 'take a base whose configuration sets NODE_VERSION, as the official images of Node do, or let everyarch assemble one',
    },
  )
}

async function requireToolchain(
  task: AddonTask,
  { env }: AddonTools,
  { signal }: CancelOptions,
): Promise<Toolchain> {
  const found = process.platform === 'win32' ? undefined : await findToolchain(task.target, env, { signal })
  const programs = await Promise.all(
    ['make', 'python3'].map(async (name) => [name, await findProgram(name, env)] as const),
  )
  const missing = programs.flatMap(([name, path]) => (path === undefined ? [name] : []))
  if (found && missing.length === 0) return found
  throw noToolchain(task, found, missing)
}

function noToolchain(
  { name, platform, target }: AddonTask,
  found: Toolchain | undefined,
  missing: readonly string[],
): AddonError {
  const packages = toolchainPackages(target)
  const lacking = found ? missing.join(' and ') : whatCompiles(target)
  return new AddonError(
    'ADDON_NEEDS_COMPILER',
    `${name} must be compiled for ${platform}, and this machine has no ${lacking}`,
    {
      kind: 'environment',
      hint: [
        packages.length > 0
          ? `Debian, Ubuntu: apt-get install ${packages.join(' ')}`
          : `put ${target.libc === 'musl' ? 'zig, or a compiler such as aarch64-linux-musl-g++,' : 'zig'} on the PATH`,
        '--engine buildkit compiles it on, or as, the platform itself; a release of the package with a prebuilt binary needs no compiler',
      ].join('\n'),
      details: { package: name, platform, missing: found ? missing : ['compiler', ...missing], packages },
    },
  )
}

function whatCompiles({ platform, libc }: AddonTarget): string {
  return `compiler for ${formatPlatform(platform)}${libc === 'musl' ? ' with musl' : ''}`
}

async function compileOnce(
  input: CompileInput,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<ProvidedBinary> {
  const { task, node } = input
  const { cache, progress } = tools
  // An addon of Node-API serves every Node: whether it is one is known once it was made.
  const [anyNode, thisNode] = ['node-api', `abi ${node.abi}`].map((abi) => binaryKey(input, abi)) as [
    string,
    string,
  ]
  const kept =
    (await keptBinary(cache, anyNode, { signal })) ?? (await keptBinary(cache, thisNode, { signal }))
  const id = `addon ${task.platform} ${task.package.location}`
  if (kept) {
    progress({ type: 'start', id, station: 'deps', text: task.name, platform: task.platform })
    progress({ type: 'end', id, text: `${task.name} for ${task.platform}, compiled before`, cached: true })
    return kept
  }
  const history = compileHistory(task, cache)
  const expected = await history.expected()
  const about = expected === undefined ? '' : `, about ${Math.max(1, Math.round(expected))} s`
  progress({
    type: 'start',
    id,
    station: 'deps',
    text: `${task.name} compiling with ${input.toolchain.name}${about}`,
    platform: task.platform,
  })
  const start = performance.now()
  const { binary, isNodeApi } = await compileAddon(input, tools, { signal })
  await history.add((performance.now() - start) / 1000)
  await keepBinary(cache, isNodeApi ? anyNode : thisNode, binary)
  progress({
    type: 'end',
    id,
    text: `${task.name} compiled for ${task.platform} with ${input.toolchain.name}`,
  })
  return binary
}

/** Everything that a compiled binary depends on. */
function binaryKey({ task, recipe, toolchain, sysroot }: CompileInput, abi: string): string {
  const { package: locked, placement, target } = task
  const tree = neededPlacement(locked.location, placement).packages.map(
    ({ package: { location, integrity, resolved, version } }) => [location, integrity ?? resolved ?? version],
  )
  return JSON.stringify([
    formatVersion,
    locked.location,
    tree,
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
