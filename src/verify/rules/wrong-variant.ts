import { elfPlatform } from '../../elf/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { PlatformRule } from '../rule.ts'

/** 32-bit Arm: code for a newer Arm version than the platform's, or with another floating-point calling convention than its Node. */
export const wrongVariant: PlatformRule = {
  id: 'image/wrong-variant',
  severity: 'error',
  *check(image) {
    if (image.platform.architecture !== 'arm') return
    const offered = image.target.armVersion ?? 7
    const floatAbi = image.node?.elf.arm?.floatAbi
    for (const { file, content } of image.sound) {
      const needed = Number.parseInt(elfPlatform(content.elf)?.variant?.slice(1) ?? '0', 10)
      if (needed > offered) {
        yield {
          file,
          message: `is compiled for Armv${needed}, the image says ${formatPlatform(image.platform)}`,
          hint: `compile it with -march=armv${offered}${offered === 6 ? '+fp' : '-a'}, or publish the image as linux/arm/v${needed}`,
          details: { expected: `v${offered}`, found: `v${needed}` },
        }
      }
      const own = content.elf.arm?.floatAbi
      if (floatAbi && own && own !== floatAbi && content.elf.linking === 'dynamic') {
        yield {
          file,
          message: `passes floating-point values the ${own} way, the image's Node the ${floatAbi} way`,
          hint: `use a build for ${floatAbi === 'hard' ? 'armhf (gnueabihf)' : 'armel (gnueabi)'}`,
          details: { expected: floatAbi, found: own },
        }
      }
    }
  },
}
