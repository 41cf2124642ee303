import { developmentPackages } from '../packages/development-packages.ts'
import { packageLabel } from '../packages/npm-packages.ts'
import { bytesBelow } from '../packages/package-size.ts'
import type { PlatformRule } from '../rule.ts'

/** Development dependencies of the application, installed in the image. */
export const devDependencies: PlatformRule = {
  id: 'image/dev-dependencies',
  severity: 'info',
  *check(image) {
    for (const application of image.packages.applications()) {
      if (image.trusts(application.file)) continue
      const found = developmentPackages(application, image.packages)
      if (found.length === 0) continue
      const bytes = found.reduce((sum, item) => sum + bytesBelow(image.tree, image.tree.find(item.folder)), 0)
      yield {
        file: application.file,
        message: `has development dependencies installed: ${found.length} ${found.length === 1 ? 'package' : 'packages'}`,
        hint: 'install for the final stage with npm ci --omit=dev',
        details: { bytes, packages: found.slice(0, 20).map(packageLabel) },
      }
    }
  },
}
