/**
 * What one pass over a layer keeps of it: its members, and of the files that matter what a rule may ask. JSON-safe, so that a
 * layer that was read once costs nothing the next time.
 */
import type { Elf } from '../../elf/index.ts'
import type * as rootfs from '../../rootfs/index.ts'

export interface LayerFacts {
  /** digest of the uncompressed tar as it was read */
  diffId: string
  /** bytes of the uncompressed tar */
  size: number
  members: LayerMember[]
}

export type LayerMember = rootfs.LayerMember<FileContent>

/** What a file is, as far as a rule may ask. */
export type FileContent =
  | { kind: 'elf'; elf: Elf; loaderFolders?: string[]; nodeVersion?: string }
  | { kind: 'object'; format: 'mach-o' | 'pe'; architectures: string[] }
  | { kind: 'script'; line: string }
  | { kind: 'package'; manifest: PackageManifest }
  /** a small configuration file, by its path */
  | { kind: 'text'; text: string }
  /** `/etc/ld.so.cache`: library files by the name that programs ask for */
  | { kind: 'loader-cache'; libraries: [name: string, path: string][] }

/** What rules ask of a package.json. */
export interface PackageManifest {
  name?: string
  version?: string
  main?: string
  os?: string[]
  cpu?: string[]
  libc?: string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  /** of `node-pre-gyp` */
  binary?: { module_name: string; module_path: string; napi_versions?: number[] }
  /** `preinstall`, `install` and `start` */
  scripts?: Record<string, string>
  gypfile?: boolean
}
