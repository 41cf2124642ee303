/** Nothing is compiled twice: what was made is found again by all that it depends on, and how long it took is remembered. */
import type { CancelOptions } from '../../base/index.ts'
import type { AddonTask } from './addon-task.ts'
import type { AddonTools } from './addon-tools.ts'
import { keepBinary, keptBinary } from './binary-cache.ts'
import type { Compiled } from './collect-binaries.ts'
import type { CompileHistory } from './compile-history.ts'
import type { ProvidedBinary } from './provided-binary.ts'
import { neededPlacement } from './work-tree.ts'

export interface CompiledOnce {
  task: AddonTask
  /** names everything that the binary depends on, for a Node ABI */
  keyFor(abi: string): string
  /** NODE_MODULE_VERSION of the target */
  abi: string
  /** for people: `with aarch64-linux-gnu-g++ 12.2.0` */
  how: string
  history: CompileHistory
  make(): Promise<Compiled>
}

/** The binary that was kept, or the one that is made now. Throws what `make` throws. */
export async function compiledOnce(
  { task, keyFor, abi, how, history, make }: CompiledOnce,
  { cache, progress }: AddonTools,
  { signal }: CancelOptions,
): Promise<ProvidedBinary> {
  const { name, platform } = task
  // An addon of Node-API serves every Node: whether it is one is known once it was made.
  const [anyNode, thisNode] = [keyFor('node-api'), keyFor(`abi ${abi}`)]
  const kept =
    (await keptBinary(cache, anyNode, { signal })) ?? (await keptBinary(cache, thisNode, { signal }))
  const id = `addon ${platform} ${task.package.location}`
  const start = (text: string) => progress({ type: 'start', id, station: 'deps', text, platform })
  if (kept) {
    start(name)
    progress({ type: 'end', id, text: `${name} for ${platform}, compiled before`, cached: true })
    return kept
  }
  const expected = await history.expected()
  const about = expected === undefined ? '' : `, about ${Math.max(1, Math.round(expected))} s`
  start(`${name} compiling ${how}${about}`)
  const began = performance.now()
  const { binary, isNodeApi } = await make()
  await history.add((performance.now() - began) / 1000)
  await keepBinary(cache, isNodeApi ? anyNode : thisNode, binary)
  progress({ type: 'end', id, text: `${name} compiled for ${platform} ${how}` })
  return binary
}

/** The package, and all that its build sees of node_modules. */
export function sourcesKey({ package: locked, placement }: AddonTask): readonly unknown[] {
  const tree = neededPlacement(locked.location, placement).packages.map(
    ({ package: { location, integrity, resolved, version } }) => [location, integrity ?? resolved ?? version],
  )
  return [locked.location, tree]
}
