/**
 * Which compiled files something on this platform would load. An image may well hold files for other platforms: prebuilds,
 * cross toolchains, another word size's libraries. They cost room and do no harm; a file that would be loaded must fit.
 */
import type { FileContent } from '../layer/layer-facts.ts'
import { chooseAddons } from '../packages/choose-addons.ts'
import { type NpmPackage, type NpmPackages, packageFolderOf } from '../packages/npm-packages.ts'
import { fitsManifest } from '../packages/fits-manifest.ts'
import { fitOf, labelOf, type Target } from '../packages/platform-label.ts'
import { isTestData } from '../packages/test-data.ts'
import type { FileTree, TreeNode } from '../tree/file-tree.ts'

export interface Binary {
  file: TreeNode
  content: Extract<FileContent, { kind: 'elf' | 'object' }>
  /**
   * `loaded`: a program, library or addon for this platform, or named after none. `foreign`: named after another platform.
   * `unused`: of this platform, but another file is preferred. `data`: not there to be run.
   */
  role: 'loaded' | 'foreign' | 'unused' | 'data'
  /** the npm package that it belongs to */
  package?: NpmPackage
}

/** Architecture-independent folders, firmware, separate debugging information: whatever is in there is data. */
const dataPath =
  /^(?:usr\/(?:local\/)?share|lib\/firmware|usr\/lib\/firmware|usr\/lib\/debug|boot|proc|sys|var\/(?:cache|lib\/docker|tmp)|tmp)\//
const dataName = /\.(?:debug|o|a|go|mod|ko|bc|bpf|elf|bare|img)$/
/** Libraries of another word size, beside the image's own */
const otherWidth = /^(?:usr\/)?(?:lib32|libx32|lib\/(?:i386-linux-gnu|i686-linux-gnu))\//

export function assignRoles(tree: FileTree, packages: NpmPackages, target: Target): Binary[] {
  const found: { file: TreeNode; content: Binary['content'] }[] = []
  for (const file of tree.nodes()) {
    const { content } = file
    if (content?.kind === 'elf' || content?.kind === 'object') found.push({ file, content })
  }
  const chosen = chooseAddons(
    found.map(({ file }) => file).filter(({ path }) => path.endsWith('.node')),
    packages,
    target,
  )
  return found.map(({ file, content }) => {
    const owner = packages.ownerOf(file.path)
    const role = chosen.get(file) ?? roleOf(file, content, owner, target)
    return { file, content, role, ...(owner ? { package: owner } : {}) }
  })
}

function roleOf(
  { path }: TreeNode,
  content: Binary['content'],
  owner: NpmPackage | undefined,
  target: Target,
): Binary['role'] {
  if (isData(path, content)) return 'data'
  if (owner && !fitsManifest(owner.manifest, target)) return 'foreign'
  if (otherWidth.test(path)) return 'foreign'
  // Programs for other systems cannot be run by anything here; whether one is missed shows where it is asked for.
  if (content.kind === 'object') return 'foreign'
  const inner = innerPath(path)
  return fitOf(labelOf(inner), target) === 'foreign' ? 'foreign' : 'loaded'
}

function isData(path: string, content: Binary['content']): boolean {
  const inner = innerPath(path)
  if (dataPath.test(path) || dataName.test(path) || isTestData(inner)) return true
  // Object files are linked, not loaded; machine 0 is what compilers of other languages put into their own containers.
  return (
    content.kind === 'elf' &&
    (content.elf.type === 'relocatable' || content.elf.type === 'core' || content.elf.machine === 0)
  )
}

/** The part of a path whose names are its package's: from the package's folder on; the whole path outside of packages. */
function innerPath(path: string): string {
  const folder = packageFolderOf(path)
  if (folder === undefined) return path
  return path.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
