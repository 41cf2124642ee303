import type { CancelOptions } from '../base/index.ts'
import type { PackageSource, UnpackedPackage } from './package-source.ts'
import type { PlacedPackage } from './plan-node-modules.ts'

export interface OpenPackage {
  placed: PlacedPackage
  /** undefined for a link; disposed of when the next one is asked for */
  content: UnpackedPackage | undefined
}

/** Packages unpacked in order, up to `ahead` of them before they are asked for. */
export async function* unpackAhead(
  packages: readonly PlacedPackage[],
  source: PackageSource,
  ahead: number,
  { signal }: CancelOptions,
): AsyncGenerator<OpenPackage> {
  const pending: { placed: PlacedPackage; content: Promise<UnpackedPackage | undefined> }[] = []
  let next = 0
  const open = () => {
    while (pending.length < ahead && next < packages.length) {
      const placed = packages[next++] as PlacedPackage
      const content = placed.package.link
        ? Promise.resolve(undefined)
        : source.unpack(placed.package, { signal })
      content.catch(() => {}) // thrown below, in order
      pending.push({ placed, content })
    }
  }
  try {
    for (open(); pending[0]; open()) {
      const { placed, content } = pending[0]
      yield { placed, content: await content }
      pending.shift()
      await (await content)?.[Symbol.asyncDispose]()
    }
  } finally {
    for (const outcome of await Promise.allSettled(pending.map(({ content }) => content))) {
      if (outcome.status === 'fulfilled') await outcome.value?.[Symbol.asyncDispose]()
    }
  }
}
