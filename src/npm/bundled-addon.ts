/** The native addon for a platform among a package's files. */
import { collect } from '../base/index.ts'
import { type Elf, elfPlatform, isElf, parseElf } from '../elf/index.ts'
import { canServe } from '../oci/index.ts'
import type { UnpackedPackage } from './package-source.ts'
import type { TargetPlatform } from './target-platform.ts'
import type { PackageFile } from './unpack-package.ts'

/** NODE_MODULE_VERSION by Node's major version. */
const nodeAbis: Readonly<Record<string, number>> = { 18: 108, 20: 115, 22: 127, 23: 131, 24: 137, 25: 141 }

/** The path of a `.node` file that the platform's Node can load; undefined when there is none. */
export async function findBundledAddon(
  { files }: UnpackedPackage,
  target: TargetPlatform,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const file of files) {
    if (!file.path.endsWith('.node') || isStray(file.path)) continue
    const bytes = await collect(file.content({ signal }), file.size, file.path)
    const elf = isElf(bytes) ? parseElf(bytes) : undefined
    if (elf && fits(elf, target)) return file.path
  }
  return undefined
}

/** What a developer's own build left behind: it has no platform in its name, and is for whatever machine he had. */
function isStray(path: PackageFile['path']): boolean {
  return (
    /(?:^|\/)build\/(?:Release|Debug)\/[^/]+\.node$/.test(path) &&
    !/x64|arm|x86|s390x|ppc64|riscv64|ia32/.test(path)
  )
}

function fits(elf: Elf, { platform, libc, nodeVersion }: TargetPlatform): boolean {
  const offered = elfPlatform(elf)
  if (!offered || !canServe(offered, platform)) return false
  if ((elf.libc === 'glibc' || elf.libc === 'musl') && elf.libc !== libc) return false
  const abi = nodeVersion === undefined ? undefined : nodeAbis[nodeVersion.split('.')[0] ?? '']
  const abis = elf.addon?.abis ?? []
  return abi === undefined || abis.length === 0 || abis.includes(abi)
}
