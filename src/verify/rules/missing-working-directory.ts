import type { PlatformRule } from '../rule.ts'

/** The working directory is a file, or not there. */
export const missingWorkingDirectory: PlatformRule = {
  id: 'image/missing-working-directory',
  severity: 'warning',
  *check(image) {
    const folder = image.config.config?.WorkingDir
    if (!folder || folder === '/') return
    const node = image.tree.find(folder)
    if (node?.children) return
    const path = folder.replace(/^\//, '')
    if (node) {
      yield {
        path,
        severity: 'error',
        message: 'is the working directory, and no directory',
        hint: 'correct WORKDIR',
      }
    } else {
      yield {
        path,
        message:
          'is the working directory, and not in the image: engines make an empty one that belongs to root',
        hint: 'copy something into it, or make it in the Dockerfile',
      }
    }
  },
}
