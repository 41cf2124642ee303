import { optionsOf } from '../../../builds/image-build.ts'
import { insert } from '../../../edits.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/ecr-cache',
  severity: 'warning',
  summary: 'A build cache is exported to Amazon ECR in a form that ECR refuses from older BuildKits.',
  *check({ builds }) {
    for (const { file, cacheTo, origin } of builds) {
      for (const { text, range } of cacheTo) {
        const options = optionsOf(text)
        const isEcr = /\.dkr\.ecr\.[\w-]+\.amazonaws\.com/u.test(options.get('ref') ?? '')
        if (
          options.get('type') !== 'registry' ||
          !isEcr ||
          options.has('image-manifest') ||
          !text.includes('type=')
        )
          continue
        yield {
          file,
          range,
          message:
            'ECR takes a cache only as an image manifest, which BuildKit before 0.21 does not write by itself: 400 Bad Request',
          fix: {
            title: 'add image-manifest=true,oci-mediatypes=true',
            automatic: origin === 'action',
            edits: [
              insert(
                file,
                range.end,
                `,image-manifest=true${options.has('oci-mediatypes') ? '' : ',oci-mediatypes=true'}`,
              ),
            ],
          },
        }
      }
    }
  },
})
