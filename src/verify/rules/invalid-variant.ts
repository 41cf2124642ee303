import type { Platform } from '../../oci/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { IndexRule } from '../rule.ts'

const known: Record<string, readonly string[]> = {
  arm: ['v5', 'v6', 'v7', 'v8'],
  arm64: ['v8', 'v9'],
  amd64: ['v1', 'v2', 'v3', 'v4'],
}

/** A variant that is missing where engines need it, or that does not exist. */
export const invalidVariant: IndexRule = {
  id: 'image/invalid-variant',
  severity: 'warning',
  *checkIndex({ entries }) {
    for (const { declared } of entries) {
      const problem = declared && problemOf(declared)
      if (!declared || !problem) continue
      yield {
        platform: formatPlatform(declared),
        message: problem,
        hint: `name one of ${(known[declared.architecture] ?? []).join(', ') || 'the variants that the architecture has (none)'}`,
        details: { found: declared.variant ?? null },
      }
    }
  },
}

function problemOf({ os, architecture, variant }: Platform): string | undefined {
  if (architecture === 'arm' && !variant)
    return `the index entry for ${os}/arm has no variant: v6 and v7 are different machines`
  if (!variant || known[architecture]?.includes(variant)) return undefined
  return `the index entry for ${os}/${architecture} has the variant ${variant}, which does not exist`
}
