import { formatPlatform } from '../../oci/index.ts'
import type { Binary } from '../binaries/roles.ts'
import { elfPlatform, type Elf } from '../../elf/index.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { Observation, PlatformRule } from '../rule.ts'

/** Wrong files of one layer outside of npm packages, from which the whole layer is the finding. */
const manyFiles = 10

/** A file that something on this platform would load, compiled for another machine, word size, byte order or system. */
export const wrongArchitecture: PlatformRule = {
  id: 'image/wrong-architecture',
  severity: 'error',
  *check(image) {
    const wrong = image.checked.flatMap((binary) => mismatchOf(image, binary) ?? [])
    const crowded = new Set(
      [...image.layers.keys()].filter((layer) => wrong.filter(isOfLayer(layer)).length > manyFiles),
    )
    for (const layer of crowded) yield* layerObservation(image, layer, wrong.filter(isOfLayer(layer)))
    for (const mismatch of wrong) {
      const { file } = mismatch.binary
      if (crowded.has(file.layer) && isOfLayer(file.layer)(mismatch)) continue
      yield {
        file,
        message: `is ${mismatch.found}, the image says ${formatPlatform(image.platform)}`,
        hint: hintFor(mismatch.binary),
        details: { expected: formatPlatform(image.platform), found: mismatch.found },
      }
    }
  },
}

interface Mismatch {
  binary: Binary
  /** what the file is, for people */
  found: string
}

function mismatchOf(image: PlatformImage, binary: Binary): Mismatch | undefined {
  if (binary.content.kind !== 'elf') return undefined
  const { elf } = binary.content
  const found = elfPlatform(elf)
  if (found?.architecture === image.platform.architecture && found.os === image.platform.os) return undefined
  return runsAsOlderSibling(image, elf, found?.architecture)
    ? undefined
    : { binary, found: describe(elf, found) }
}

function isOfLayer(layer: number): (mismatch: Mismatch) => boolean {
  return ({ binary }) => binary.file.layer === layer && binary.package === undefined
}

/** A layer of another platform was put into this image: a base was pulled, or a stage copied, for the wrong one. */
function* layerObservation(
  image: PlatformImage,
  layer: number,
  wrong: readonly Mismatch[],
): Generator<Observation> {
  const [first] = wrong
  if (first === undefined) return
  yield {
    layer,
    message: `layer ${layer + 1} is for another platform: ${wrong.length} of its files are ${first.found}, the image says ${formatPlatform(image.platform)}`,
    hint: 'the base image was pulled for another platform, or a stage that ran on one was copied as a whole (FROM --platform=… pins it)',
    details: {
      expected: formatPlatform(image.platform),
      found: first.found,
      files: wrong.slice(0, 20).map(({ binary }) => binary.file.path),
    },
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
