/** Compiled files of a package, from their bytes: the names of files and folders promise much. */
import type { CancelOptions } from '../../base/index.ts'
import {
  abiOfMajor,
  type Elf,
  elfPlatform,
  ElfWindow,
  isElf,
  objectFormat,
  objectFormatBytes,
  readElf,
} from '../../elf/index.ts'
import type { PackageFile, UnpackedPackage } from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'

/** A compiled file that Linux could load or run. */
export interface BinaryFile {
  path: string
  kind: 'addon' | 'executable' | 'library'
  /** `formatPlatform` of the least platform that can run it */
  platform: string
  /** absent: it needs no C library, or does not say which */
  libc?: 'glibc' | 'musl'
  /** newest version of glibc's symbols that it asks for */
  glibc?: string
  api?: 'node-api' | 'node'
  /** NODE_MODULE_VERSIONs that it is for; empty: any */
  abis: number[]
  /** the Node-API version that it needs */
  nodeApi?: number
}

export interface CompiledFiles {
  binaries: BinaryFile[]
  /** what a developer's own build left behind, for whatever machine he had */
  stray: string[]
  /** archives that an install script may take binaries from */
  archives: string[]
}

/** Files that are never compiled code. */
const text = /\.(?:[cm]?[jt]sx?|json|md|map|txt|css|html?|ya?ml|svg|png|h|hpp|c|cc|cpp|gypi?|py|flow)$/i
const archive = /\.(?:zip|tgz|tar\.(?:gz|xz|bz2)|br|7z)$/i
/** Sources of libraries, and what only tests and examples use. */
const besides = /^(?:deps|vendor|tests?|examples?|docs?)\//
/** A package with more compiled files than this is no addon of ours to judge; the rest is not looked at. */
const maxBinaries = 2000

/** Looks at every file of a package that could be compiled code. */
export async function compiledFiles(
  { files }: UnpackedPackage,
  { signal }: CancelOptions,
): Promise<CompiledFiles> {
  const found: CompiledFiles = { binaries: [], stray: [], archives: [] }
  for (const file of files) {
    if (file.type !== 'file' || file.size < 16 || text.test(file.path)) continue
    if (found.binaries.length >= maxBinaries) break
    if (archive.test(file.path) && !besides.test(file.path)) found.archives.push(file.path)
    const elf = await elfOf(file, signal)
    if (elf !== undefined && isStray(file.path)) found.stray.push(file.path)
    else if (typeof elf === 'object') found.binaries.push(...linuxBinary(file.path, elf))
  }
  return found
}

async function elfOf(file: PackageFile, signal: AbortSignal): Promise<Elf | 'foreign' | undefined> {
  let window: ElfWindow | undefined
  const head: Uint8Array[] = []
  let held = 0
  for await (const chunk of file.content({ signal })) {
    if (window) {
      window.add(chunk)
      continue
    }
    head.push(chunk)
    held += chunk.byteLength
    if (held < objectFormatBytes && held < file.size) continue
    const bytes = Buffer.concat(head)
    if (!isElf(bytes)) return objectFormat(bytes) === undefined ? undefined : 'foreign'
    window = new ElfWindow(file.size)
    window.add(bytes)
  }
  return window && readElf(window)?.elf
}

/** A build without a platform in its name, where only the machine that installs a package would put one. */
function isStray(path: string): boolean {
  return (
    /(?:^|\/)build\/(?:Release|Debug)\/[^/]+\.node$/.test(path) &&
    !/x64|arm|x86|s390x|ppc64|riscv64|ia32/.test(path)
  )
}

/** Files for Bare, Electron and NW.js, which Node's loaders pass over. */
const otherRuntime = /\.bare$|(?:^|\/)(?:electron|node-webkit)[./-]/

function linuxBinary(path: string, elf: Elf): BinaryFile[] {
  const platform = elfPlatform(elf)
  if (platform?.os !== 'linux' || elf.libc === 'bionic' || elf.type === 'relocatable') return []
  if (otherRuntime.test(path)) return []
  const { addon } = elf
  const glibc = newestGlibc(elf)
  return [
    {
      path,
      kind: kindOf(path, elf),
      platform: formatPlatform(platform),
      ...(elf.libc ? { libc: elf.libc } : {}),
      ...(glibc ? { glibc } : {}),
      ...(addon ? { api: addon.api } : {}),
      abis: abiInName(path) ?? addon?.abis ?? [],
      ...(addon && addon.nodeApiVersion > 0 ? { nodeApi: addon.nodeApiVersion } : {}),
    },
  ]
}

function kindOf(path: string, elf: Elf): BinaryFile['kind'] {
  if (elf.addon || path.endsWith('.node')) return 'addon'
  return elf.type === 'executable' || elf.interpreter !== undefined ? 'executable' : 'library'
}

/**
 * Loaders choose by the version in a name, whatever the file itself would run with: a NODE_MODULE_VERSION
 * (`node.abi127.node`, `glibc-127-Release`), or a major version of Node (deasync's `linux-x64-node-22`).
 */
function abiInName(path: string): number[] | undefined {
  const abi = Number(/(?:\.abi|node-v|\/node\/|glibc-|musl-|-)(\d{2,3})(?=[/.]|-Release|$)/.exec(path)?.[1])
  if (abi >= oldestAbi) return [abi]
  const release = /-node-(\d+)(?:\.\d+)?\//.exec(path)?.[1]
  return release === undefined ? undefined : [abiOfMajor(Number(release)) ?? Number(release)]
}

/** Of Node 8. Lower numbers in a name are something else. */
export const oldestAbi = 57

function newestGlibc({ versionNeeds }: Elf): string | undefined {
  const versions = versionNeeds
    // libgcc has symbols of the version GLIBC_2.0 on every C library.
    .flatMap(({ library, versions: list }) => (library.startsWith('libgcc_s') ? [] : list))
    .flatMap((version) => /^GLIBC_(\d+\.\d+)/.exec(version)?.[1] ?? [])
  return versions.sort(compareVersions).at(-1)
}

/** Orders versions such as `2.9` and `2.36` by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
