import { platformOfName } from '../../../../forecast/index.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/platform-package',
  severity: 'error',
  summary: 'A package for one platform is a plain dependency, so npm refuses to install on every other one.',
  *check({ packages }) {
    for (const { file, dependencies, document, place } of packages) {
      // A package for one platform may depend on its like.
      if ('cpu' in document || 'os' in document) continue
      for (const group of ['dependencies', 'devDependencies'] as const) {
        for (const name of dependencies(group)) {
          const platform = platformOfName(name)
          if (!platform) continue
          yield {
            file,
            range: place(group, name).key,
            message: `${name} is for ${platform.os} on ${platform.cpu} only: everywhere else npm stops with EBADPLATFORM`,
            hint: 'move it to optionalDependencies, or leave it out: the package it belongs to brings it where it fits',
          }
        }
      }
    }
  },
})
