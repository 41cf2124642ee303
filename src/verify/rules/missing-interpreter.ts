import { isProgram } from '../platform-image.ts'
import type { PlatformRule } from '../rule.ts'

/** A program whose dynamic loader is not in the image: it "does not exist" when it is started. */
export const missingInterpreter: PlatformRule = {
  id: 'image/missing-interpreter',
  severity: 'error',
  *check(image) {
    for (const { file, content } of image.sound) {
      const { interpreter, libc } = content.elf
      if (!isProgram(content.elf) || interpreter === undefined) continue
      if (image.tree.find(interpreter)?.type === 'file') continue
      if (libc && image.libc && libc !== image.libc) continue // image/libc-mismatch says more
      yield {
        file,
        message: `needs the loader ${interpreter}, which is not in the image`,
        hint: 'use a base image with a C library, or link the program statically',
        details: { interpreter },
      }
    }
  },
}
