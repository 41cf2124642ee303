/** Where a project says which Node it wants. */
import { posix } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import type { PackageJson } from '../package-json.ts'
import { readProjectFile } from '../project-file.ts'

/** What the project says about the Node it wants, with the place that says so. */
export interface NodeWish {
  /** a version, a semver range, or a name as nvm knows them: `22`, `>=20`, `v22.3.0`, `lts/*` */
  text: string
  /** `package.json engines.node`, `.nvmrc`, … */
  from: string
}

/**
 * The wishes of a project, the strongest first: for each package (the built one first, then the root) engines.node; then for
 * each folder .nvmrc, .node-version, .tool-versions and package.json's volta.
 */
export async function readNodeWishes(
  root: string,
  packages: readonly PackageJson[],
  options: CancelOptions,
): Promise<NodeWish[]> {
  const wishes = packages.map((one) => wish(`${one.file} engines.node`, one.engines.node))
  for (const packageJson of packages) {
    const folder = posix.dirname(packageJson.file)
    for (const [name, read] of versionFiles) {
      const file = posix.join(folder, name)
      const text = await readProjectFile(root, file, options)
      wishes.push(wish(file, text === undefined ? undefined : read(text)))
    }
    wishes.push(wish(`${packageJson.file} volta.node`, voltaNode(packageJson)))
  }
  return wishes.filter((one) => one !== undefined)
}

function wish(from: string, text: string | undefined): NodeWish | undefined {
  return text === undefined || text.trim() === '' ? undefined : { from, text: text.trim() }
}

const versionFiles: readonly (readonly [string, (text: string) => string | undefined])[] = [
  ['.nvmrc', firstLine],
  ['.node-version', firstLine],
  ['.tool-versions', toolVersion],
]

/** The first line that is neither blank nor a comment. */
function firstLine(text: string): string | undefined {
  return linesOf(text)[0]
}

/** `nodejs 22.11.0` (asdf) or `node 22` (mise); of several fallback versions the first. */
function toolVersion(text: string): string | undefined {
  const words = linesOf(text).map((line) => line.split(/\s+/))
  return words.find(([tool]) => tool === 'nodejs' || tool === 'node')?.[1]
}

function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}

function voltaNode({ document }: PackageJson): string | undefined {
  const { volta } = document
  if (typeof volta !== 'object' || volta === null || !('node' in volta)) return undefined
  return typeof volta.node === 'string' ? volta.node : undefined
}
