import { foreignFiles } from '../packages/foreign-files.ts'
import type { PlatformRule } from '../rule.ts'

/** Builds for the other C library, beside those for the image's own. */
export const duplicateLibcBuilds: PlatformRule = {
  id: 'image/duplicate-libc-builds',
  severity: 'info',
  *check(image) {
    if (image.target.libc === undefined) return
    const other = image.target.libc === 'glibc' ? 'musl' : 'glibc'
    for (const { package: owner, bytes, files } of foreignFiles(image, 'libc')) {
      yield {
        path: owner.folder,
        package: owner,
        layer: owner.file.layer,
        message: `is for ${other}, which this image does not have`,
        hint: `npm ci --libc=${image.target.libc} leaves it out, if package-lock.json was written by npm 11 or later`,
        details: { bytes, files: files.slice(0, 20) },
      }
    }
  },
}
