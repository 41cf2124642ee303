import { formatPlatform } from '../../oci/index.ts'
import type { PlatformRule } from '../rule.ts'

/** amd64 code that its loader refuses on older processors, in an image that does not say so. */
export const microarchitectureLevel: PlatformRule = {
  id: 'image/microarchitecture-level',
  severity: 'warning',
  *check(image) {
    if (image.platform.architecture !== 'amd64') return
    const offered = image.platform.variant ?? 'v1'
    for (const { file, content } of image.sound) {
      const needed = content.elf.x86Level
      // Libraries in glibc-hwcaps folders are chosen by the processor.
      if (needed === undefined || needed <= offered || file.path.includes('/glibc-hwcaps/')) continue
      yield {
        file,
        message: `needs x86-64-${needed}, the image says ${formatPlatform(image.platform)}: older processors refuse it`,
        hint: `compile it with -march=x86-64${offered === 'v1' ? '' : `-${offered}`}, or publish the image as linux/amd64/${needed}`,
        details: { expected: offered, found: needed },
      }
    }
  },
}
