import type { Elf, Libc } from '../../elf/index.ts'
import { isProgram, type PlatformImage } from '../platform-image.ts'
import type { PlatformRule } from '../rule.ts'

/** A program or addon that was linked for another C library than the image has. */
export const libcMismatch: PlatformRule = {
  id: 'image/libc-mismatch',
  severity: 'error',
  *check(image) {
    const own = image.libc
    if (own === undefined) return
    for (const { file, content, package: owner } of image.sound) {
      const { libc } = content.elf
      if (libc === undefined || libc === own || runsAnyway(image, content.elf)) continue
      yield {
        file,
        message: `is linked for ${libc}, the image has ${own}`,
        hint: hintFor(own, owner?.name),
        details: { expected: own, found: libc },
      }
    }
  },
}

/** Programs bring their loader with them at times (gcompat, a second C library); an addon lives in Node's process. */
function runsAnyway({ tree }: PlatformImage, elf: Elf): boolean {
  if (elf.addon) return false
  if (!isProgram(elf)) return true // a library is checked with the program or addon that needs it
  return elf.interpreter !== undefined && tree.find(elf.interpreter)?.type === 'file'
}

function hintFor(own: Libc, owner: string | undefined): string {
  const base = own === 'musl' ? 'a Debian-based image (node:22-slim)' : 'an Alpine-based image'
  return owner
    ? `install ${owner} for this image's C library (npm ci --libc=${own}), or use ${base}`
    : `use a build of it for ${own}, or ${base}`
}
