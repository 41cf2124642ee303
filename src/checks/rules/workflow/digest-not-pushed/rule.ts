import { optionsOf } from '../../../builds/image-build.ts'
import { insert } from '../../../edits.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/digest-not-pushed',
  severity: 'error',
  summary: 'A build by digest does not push, and stays green.',
  *check({ builds }) {
    for (const build of builds) {
      if (build.origin === 'bake' || build.push !== false) continue
      for (const output of build.outputs) {
        const options = optionsOf(output.text)
        if (options.get('push-by-digest') !== 'true' || options.get('type') === 'registry') continue
        if (options.has('push')) continue
        yield {
          file: build.file,
          range: output.range,
          message: 'push-by-digest=true alone pushes nothing: the digest is printed, and no registry has it',
          fix: {
            title: 'add push=true',
            automatic: build.origin === 'action',
            edits: [insert(build.file, output.range.end, ',push=true')],
          },
        }
      }
    }
  },
})
