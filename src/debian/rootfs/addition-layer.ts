/** Packages upon a base that has some already: their files, and a dpkg database that knows both. */
import { type CancelOptions, mapOrdered } from '../../base/index.ts'
import type { LayerEntry } from '../../tar/index.ts'
import { type DebianLayerPlan, installationOrder, replacement, skeleton } from './debian-layer.ts'
import { dpkgDatabase } from './dpkg-database.ts'
import { type DraftEntry, textFile } from './draft-entry.ts'
import { RootTree } from './root-tree.ts'
import { type UnpackedPackage, unpackPackage } from './unpack-package.ts'

export interface AdditionLayerPlan extends DebianLayerPlan {
  /** `/var/lib/dpkg/status` of the base */
  status: Uint8Array
}

const downloadsAhead = 4
const statusPath = 'var/lib/dpkg/status'

export async function* additionLayer(
  { architecture, packages, mtime, open, status }: AdditionLayerPlan,
  options: CancelOptions,
): AsyncGenerator<LayerEntry> {
  const timed = (entry: DraftEntry): LayerEntry => ({ ...entry, mtime })
  const tree = new RootTree()
  // The base has these; what a package has below /lib goes below /usr/lib, as there.
  for (const entry of skeleton(architecture)) tree.place(entry, 'base')
  const target = { tree, onContent: () => {}, isReplacedBy: replacement(packages) }
  const opened = mapOrdered(installationOrder(packages), downloadsAhead, async (resolved) => ({
    resolved,
    content: await open(resolved, options),
  }))
  const installed: UnpackedPackage[] = []
  for await (const { resolved, content } of opened) {
    const deb = { name: `${resolved.name}_${resolved.version}_${resolved.architecture}.deb`, content }
    const unpacking = unpackPackage(deb, resolved, target, options)
    let next = await unpacking.next()
    for (; !next.done; next = await unpacking.next()) yield timed(next.value)
    installed.push(next.value)
  }
  for (const entry of dpkgDatabase(installed)) {
    if (/^var\/lib\/dpkg\/info\/(?!format$)/.test(entry.path)) yield timed(entry)
  }
  const before = Buffer.from(status).toString('utf8').trimEnd()
  const added = await statusOf(installed, options)
  yield timed(textFile(statusPath, `${before}\n\n${added}`))
}

async function statusOf(installed: readonly UnpackedPackage[], options: CancelOptions): Promise<string> {
  const chunks: Uint8Array[] = []
  const entry = dpkgDatabase(installed).find(({ path }) => path === statusPath)
  if (entry?.content) for await (const chunk of entry.content(options)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
