import type { IndexRule } from '../rule.ts'

/** The name points at another image than the one that was tested. */
export const unexpectedDigest: IndexRule = {
  id: 'image/unexpected-digest',
  severity: 'error',
  *checkIndex({ root, expectedDigest }) {
    if (expectedDigest === undefined || root.digest === expectedDigest) return
    yield {
      message: `the image is ${root.digest}, expected ${expectedDigest}`,
      hint: 'the tag was moved after the test: deploy by digest, or find out who pushed it',
      details: { expected: expectedDigest, found: root.digest },
    }
  },
}
