import type { PlatformRule } from '../rule.ts'

/** A program, library or addon that was cut off, or whose tables lead nowhere. */
export const damagedBinary: PlatformRule = {
  id: 'image/damaged-binary',
  severity: 'error',
  *check(image) {
    for (const { file, content } of image.checked) {
      const [first, ...others] = content.kind === 'elf' ? content.elf.damage : []
      if (first === undefined) continue
      yield {
        file,
        message: `is damaged: ${first}`,
        hint: 'an interrupted download or a full disk leaves such files: fetch or build it again, and check its digest',
        details: { damage: [first, ...others] },
      }
    }
  },
}
