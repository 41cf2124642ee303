/** What npm packages hold for other platforms, by package. */
import type { PlatformImage } from '../platform-image.ts'
import { fitsManifest } from './fits-manifest.ts'
import type { NpmPackage } from './npm-packages.ts'
import { bytesBelow } from './package-size.ts'
import { fitOf, labelOf, type Target } from './platform-label.ts'

export interface ForeignFiles {
  package: NpmPackage
  bytes: number
  files: string[]
}

/** `libc`: what would fit but for the C library; `platform`: all the rest. Packages of trusted layers are left out. */
export function foreignFiles(image: PlatformImage, kind: 'platform' | 'libc'): ForeignFiles[] {
  const { packages, tree, target } = image
  const anyLibc: Target = { ...target }
  delete anyLibc.libc
  const found = new Map<NpmPackage, ForeignFiles>()
  for (const item of packages.installed()) {
    if (fitsManifest(item.manifest, target) || image.trusts(item.file)) continue
    if (fitsManifest(item.manifest, anyLibc) !== (kind === 'libc')) continue
    found.set(item, { package: item, bytes: bytesBelow(tree, tree.find(item.folder)), files: [item.folder] })
  }
  for (const { file, content, role, package: owner } of image.binaries) {
    if (
      role !== 'foreign' ||
      owner === undefined ||
      !fitsManifest(owner.manifest, target) ||
      image.trusts(file)
    )
      continue
    const inner = `${owner.name}/${file.path.slice(owner.folder.length + 1)}`
    const isLibc = content.kind === 'elf' && fitOf(labelOf(inner), anyLibc) !== 'foreign'
    if (isLibc !== (kind === 'libc')) continue
    const own = found.get(owner) ?? { package: owner, bytes: 0, files: [] }
    own.bytes += file.size
    own.files.push(file.path)
    found.set(owner, own)
  }
  return [...found.values()]
}
