import { foreignFiles } from '../packages/foreign-files.ts'
import type { PlatformRule } from '../rule.ts'

/** Files of npm packages for other systems, processors or Node ABIs: nothing loads them here. */
export const foreignPrebuilds: PlatformRule = {
  id: 'image/foreign-prebuilds',
  severity: 'info',
  *check(image) {
    for (const { package: owner, bytes, files } of foreignFiles(image, 'platform')) {
      yield {
        path: owner.folder,
        package: owner,
        layer: owner.file.layer,
        message: `has ${files.length} ${files.length === 1 ? 'file' : 'files'} for other platforms`,
        hint: 'nothing here loads them: they can be deleted before packing',
        details: { bytes, files: files.slice(0, 20) },
      }
    }
  },
}
