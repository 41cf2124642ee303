/** The Node executable that an image runs, and what addons must fit. */
import { abiOfMajor, type Elf, type Libc, nodeApiOfRelease, nodeApiVersionOf } from '../../elf/index.ts'
import { searchPath } from '../startup/search-path.ts'
import { type FileTree, folderOf, type TreeNode } from '../tree/file-tree.ts'

export interface ImageNode {
  file: TreeNode
  elf: Elf
  libc?: Libc
  /** such as `22.12.0`; absent when nothing in the image tells */
  version?: string
  /** NODE_MODULE_VERSION */
  abi?: number
  /** Node-API functions that it offers; empty when they cannot be told */
  nodeApiFunctions: ReadonlySet<string>
  /** the highest Node-API version that it offers; 0 when it cannot be told */
  nodeApiVersion: number
}

const usualPaths = [
  '/usr/local/bin/node',
  '/usr/bin/node',
  '/usr/bin/nodejs',
  '/nodejs/bin/node',
  '/opt/node/bin/node',
]

/** The `node` that PATH finds, else one at a usual place. */
export function findNode(tree: FileTree, env: readonly string[]): ImageNode | undefined {
  const candidates = [...searchPath(env).map((folder) => `${folder}/node`), ...usualPaths]
  for (const path of candidates) {
    const file = tree.find(path)
    if (file?.content?.kind === 'elf') return describe(tree, env, file, file.content.elf)
  }
  return undefined
}

function describe(tree: FileTree, env: readonly string[], file: TreeNode, elf: Elf): ImageNode {
  // Distributions split Node into a small executable and libnode.
  const library = sharedLibrary(tree, elf)
  const parts = [file, ...(library ? [library] : [])]
  const exported = parts.flatMap(({ content }) => (content?.kind === 'elf' ? content.elf.nodeApiExports : []))
  const header = readHeader(tree, file)
  const told = parts.flatMap(({ content }) => (content?.kind === 'elf' ? (content.nodeVersion ?? []) : []))[0]
  const version =
    told ??
    header.version ??
    env
      .find((entry) => entry.startsWith('NODE_VERSION='))
      ?.slice(13)
      .replace(/^v/, '')
  const soname = library?.content?.kind === 'elf' ? library.content.elf.soname : undefined
  const abiOfLibrary = /^libnode\.so\.(\d+)$/.exec(soname ?? '')?.[1]
  const major = version === undefined ? undefined : Number.parseInt(version, 10)
  const abi =
    header.abi ?? (abiOfLibrary ? Number(abiOfLibrary) : undefined) ?? (major ? abiOfMajor(major) : undefined)
  return {
    file,
    elf,
    ...(elf.libc ? { libc: elf.libc } : {}),
    ...(version ? { version } : {}),
    ...(abi ? { abi } : {}),
    nodeApiFunctions: new Set(exported),
    nodeApiVersion: version
      ? nodeApiOfRelease(version)
      : exported.length > 0
        ? nodeApiVersionOf(exported)
        : 0,
  }
}

function sharedLibrary(tree: FileTree, elf: Elf): TreeNode | undefined {
  const name = elf.needed.find((needed) => needed.startsWith('libnode.so'))
  if (name === undefined) return undefined
  for (const node of tree.nodes()) {
    if (
      node.path.endsWith(`/${name}`) &&
      node.content?.kind === 'elf' &&
      node.content.elf.machine === elf.machine
    )
      return node
  }
  return undefined
}

/** Node is installed with its headers, which know its ABI best. */
function readHeader(tree: FileTree, file: TreeNode): { version?: string; abi?: number } {
  const content = tree.find(`${folderOf(folderOf(file.path))}/include/node/node_version.h`)?.content
  if (content?.kind !== 'text') return {}
  const number = (name: string) => new RegExp(`^#define ${name} +(\\d+)`, 'm').exec(content.text)?.[1]
  const parts = ['NODE_MAJOR_VERSION', 'NODE_MINOR_VERSION', 'NODE_PATCH_VERSION'].map(number)
  const abi = number('NODE_MODULE_VERSION')
  return {
    ...(parts.every((part) => part !== undefined) ? { version: parts.join('.') } : {}),
    ...(abi ? { abi: Number(abi) } : {}),
  }
}
