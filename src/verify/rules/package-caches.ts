import type { TreeNode } from '../tree/file-tree.ts'
import type { PlatformRule } from '../rule.ts'

/** What package managers keep for the next installation: no container installs anything. */
const caches: readonly { pattern: RegExp; of: string; clean: string }[] = [
  {
    pattern: /^(?:root|home\/[^/]+)\/\.npm\/_cacache$/,
    of: 'npm',
    clean: 'npm cache clean --force, or a cache mount',
  },
  {
    pattern: /^(?:root|home\/[^/]+)\/\.cache\/(?:yarn|node-gyp|pnpm|pip|node)$/,
    of: 'a package manager',
    clean: 'a cache mount',
  },
  {
    pattern: /^(?:root|home\/[^/]+)\/\.(?:yarn\/berry\/cache|node-gyp|local\/share\/pnpm\/store)$/,
    of: 'a package manager',
    clean: 'a cache mount',
  },
  { pattern: /^usr\/local\/share\/\.cache\/yarn$/, of: 'yarn', clean: 'yarn cache clean, or a cache mount' },
  { pattern: /^var\/cache\/apt$/, of: 'apt', clean: 'apt-get clean, or a cache mount' },
  { pattern: /^var\/lib\/apt\/lists$/, of: 'apt', clean: 'rm -rf /var/lib/apt/lists/* in the same RUN' },
  { pattern: /^var\/cache\/apk$/, of: 'apk', clean: 'apk add --no-cache' },
  { pattern: /^var\/cache\/(?:dnf|yum)$/, of: 'dnf', clean: 'dnf clean all in the same RUN' },
]
const worthSaying = 64 * 1024

/** Caches of package managers that were packed with the image. */
export const packageCaches: PlatformRule = {
  id: 'image/package-caches',
  severity: 'info',
  *check(image) {
    for (const node of image.tree.nodes()) {
      if (!node.children) continue
      const cache = caches.find(({ pattern }) => pattern.test(node.path))
      if (cache === undefined) continue
      const own = [...image.tree.nodes(node)].filter((file) => file.type === 'file' && !image.trusts(file))
      const bytes = own.reduce((sum: number, file: TreeNode) => sum + file.size, 0)
      if (bytes < worthSaying) continue
      yield {
        file: node,
        message: `is the cache of ${cache.of}`,
        hint: cache.clean,
        details: { bytes },
        layer: own[0]?.layer ?? node.layer,
      }
    }
  },
}
