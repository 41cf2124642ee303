/** One platform of an image, as rules see it: its documents, its final file system, and what follows from them (made once, when asked for). */
import type { Elf, Libc } from '../elf/index.ts'
import type { Descriptor, ImageConfig, Manifest, Platform } from '../oci/index.ts'
import { buildTree } from '../rootfs/index.ts'
import { assignRoles, type Binary } from './binaries/roles.ts'
import type { LayerFacts } from './layer/layer-facts.ts'
import { DynamicLoader, type Loading } from './loader/dynamic-loader.ts'
import { findNode, type ImageNode } from './node/image-node.ts'
import { NpmPackages } from './packages/npm-packages.ts'
import type { Target } from './packages/platform-label.ts'
import { targetOf } from './packages/target.ts'
import { variable } from './startup/search-path.ts'
import type { FileTree, TreeNode } from './tree/file-tree.ts'

export interface ImageLayer {
  descriptor: Descriptor
  /** the line of the image's history that made it */
  createdBy?: string
  facts: LayerFacts
  /** belongs to a base that was verified before: its files count for others, and are not checked themselves */
  trusted: boolean
}

export interface ElfBinary extends Binary {
  content: Extract<Binary['content'], { kind: 'elf' }>
}

export class PlatformImage {
  readonly platform: Platform
  readonly manifest: Manifest
  readonly config: ImageConfig
  readonly layers: readonly ImageLayer[]
  readonly #memory = new Map<string, unknown>()

  constructor(platform: Platform, manifest: Manifest, config: ImageConfig, layers: readonly ImageLayer[]) {
    this.platform = platform
    this.manifest = manifest
    this.config = config
    this.layers = layers
  }

  get env(): readonly string[] {
    return this.config.config?.Env ?? []
  }

  get tree(): FileTree {
    return this.#once('tree', () => buildTree(this.layers.map(({ facts }) => facts)))
  }

  /** The image's Node; undefined when it has none. */
  get node(): ImageNode | undefined {
    return this.#once('node', () => findNode(this.tree, this.env))
  }

  get packages(): NpmPackages {
    return this.#once('packages', () => new NpmPackages(this.tree))
  }

  /** The C library of its Node, else of its file system; undefined for images of static programs. */
  get libc(): Libc | undefined {
    return this.#once('libc', () => this.node?.libc ?? libcOf(this.tree))
  }

  /** The platform in npm's words, with what addons must fit. */
  get target(): Target {
    const { node, libc } = this
    const major = node?.version === undefined ? undefined : Number.parseInt(node.version, 10)
    return targetOf(this.platform, {
      ...(libc === 'glibc' || libc === 'musl' ? { libc } : {}),
      ...(node?.abi ? { abi: node.abi } : {}),
      ...(major ? { nodeMajor: major } : {}),
    })
  }

  /** Every compiled file, with what it is there for. */
  get binaries(): readonly Binary[] {
    return this.#once('binaries', () => assignRoles(this.tree, this.packages, this.target))
  }

  /** Compiled files that something here would load and that are to be checked. */
  get checked(): readonly Binary[] {
    return this.#once('checked', () =>
      this.binaries.filter(({ role, file }) => role === 'loaded' && !this.trusts(file)),
    )
  }

  /** ELF files among them that are of this platform's architecture: what further checks make sense for. */
  get sound(): readonly ElfBinary[] {
    return this.#once('sound', () =>
      this.checked.filter(
        (binary): binary is ElfBinary =>
          binary.content.kind === 'elf' &&
          binary.content.elf.architecture === this.platform.architecture &&
          binary.content.elf.damage.length === 0,
      ),
    )
  }

  /** Whether a file comes from a layer that was verified before. */
  trusts({ layer }: TreeNode): boolean {
    return this.layers[layer]?.trusted ?? false
  }

  get loader(): DynamicLoader {
    return this.#once('loader', () => new DynamicLoader(this.tree, variable(this.env, 'LD_LIBRARY_PATH')))
  }

  /** What the loader makes of a program, or of an addon opened by the image's Node; undefined for what it does not load. */
  loadingOf({ file, content: { elf } }: ElfBinary): Loading | undefined {
    return this.#once(`load ${file.path}`, () => {
      if (elf.addon) {
        const node = this.#nodeProcess
        return node && this.loader.load(file, elf, node.libc, node)
      }
      const libc = elf.libc ?? this.libc
      return isProgram(elf) && libc ? this.loader.load(file, elf, libc) : undefined
    })
  }

  /** The process that addons are loaded into. */
  get #nodeProcess(): Loading | undefined {
    return this.#once('node process', () => {
      const { node } = this
      return node?.libc && this.loader.load(node.file, node.elf, node.libc)
    })
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#memory.has(key)) this.#memory.set(key, make())
    return this.#memory.get(key) as T
  }
}

/** A program asks for a loader; a shared library that can also be started is not one. */
export function isProgram(elf: Elf): boolean {
  return elf.interpreter !== undefined && elf.soname === undefined
}

function libcOf(tree: FileTree): Libc | undefined {
  const lib = [...(tree.find('/lib')?.children?.keys() ?? [])]
  if (lib.some((name) => name.startsWith('ld-musl-'))) return 'musl'
  for (const { path } of tree.nodes()) {
    if (path.endsWith('/libc.so.6')) return 'glibc'
  }
  return undefined
}
