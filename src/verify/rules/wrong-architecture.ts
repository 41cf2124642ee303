import { formatPlatform } from '../../oci/index.ts'
import type { Binary } from '../binaries/roles.ts'
import { elfPlatform, type Elf } from '../../elf/index.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { Observation, PlatformRule } from '../rule.ts'

/** A file that something on this platform would load, compiled for another machine, word size, byte order or system. */
export const wrongArchitecture: PlatformRule = {
  id: 'image/wrong-architecture',
  severity: 'error',
  *check(image) {
    for (const binary of image.checked) {
      if (binary.content.kind === 'elf') yield* checkElf(image, binary, binary.content.elf)
    }
  },
}

function* checkElf(image: PlatformImage, binary: Binary, elf: Elf): Generator<Observation> {
  const { platform } = image
  const found = elfPlatform(elf)
  if (found?.architecture === platform.architecture && found.os === platform.os) return
  if (runsAsOlderSibling(image, elf, found?.architecture)) return
  const foundText = describe(elf, found)
  yield {
    file: binary.file,
    message: `is ${foundText}, the image says ${formatPlatform(platform)}`,
    hint: hintFor(binary),
    details: { expected: formatPlatform(platform), found: foundText },
  }
}

/** amd64 runs 386 programs that bring their own loader, and arm64 those of 32-bit Arm. */
function runsAsOlderSibling(
  { platform, tree }: PlatformImage,
  elf: Elf,
  architecture: string | undefined,
): boolean {
  const siblings: Record<string, string> = { amd64: '386', arm64: 'arm' }
  if (architecture === undefined || siblings[platform.architecture] !== architecture) return false
  if (elf.addon) return false
  return elf.interpreter !== undefined && tree.find(elf.interpreter)?.content?.kind === 'elf'
}

function describe(elf: Elf, found: ReturnType<typeof elfPlatform>): string {
  if (found && found.os !== 'linux') return `${elf.machineName} for ${found.os}`
  if (found) return elf.machineName
  return `${elf.class}-bit ${elf.endianness}-endian ${elf.machineName}`
}

function hintFor({ file, package: owner }: Binary): string {
  if (!owner)
    return 'build or fetch this file for each platform of the image, instead of copying one file into all of them'
  if (/\/build\/(?:Release|Debug)\//.test(file.path)) {
    return `${owner.name} was compiled on another machine and copied in: install or compile it for each platform, and keep node_modules out of the build context (.dockerignore)`
  }
  return `install ${owner.name} for each platform of the image (npm ci --os --cpu --libc), and do not run its install script on another machine`
}
