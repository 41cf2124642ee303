import { platformOfName } from '../../../facts/platform-package.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/platform-package',
  severity: 'error',
  summary: 'A package for one platform is a plain dependency, so npm refuses to install on every other one.',
  *check({ packages }) {
    for (const { file, dependencies, root } of packages) {
      // A package for one platform may depend on its like.
      if (root.entries.some(({ key }) => key === 'cpu' || key === 'os')) continue
      for (const group of ['dependencies', 'devDependencies'] as const) {
        for (const { key, keyRange } of dependencies(group)) {
          const platform = platformOfName(key)
          if (!platform) continue
          yield {
            file,
            range: keyRange,
            message: `${key} is for ${platform.os} on ${platform.cpu} only: everywhere else npm stops with EBADPLATFORM`,
            hint: 'move it to optionalDependencies, or leave it out: the package it belongs to brings it where it fits',
          }
        }
      }
    }
  },
})
