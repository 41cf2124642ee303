import type { AddonPackage, AddonStatus } from './addon-package.ts'

/**
 * A package with what servers say of its downloads: one that is not there leaves compiling, or nothing. `published` has the
 * addresses that were answered for.
 */
export function withAnswers(addon: AddonPackage, published: ReadonlyMap<string, boolean>): AddonPackage {
  const platforms = Object.entries(addon.platforms).map(([platform, status]): [string, AddonStatus] => {
    const isThere = status.url === undefined ? undefined : published.get(status.url)
    return [platform, isThere === undefined ? status : answered(addon, status, isThere)]
  })
  return { ...addon, platforms: Object.fromEntries(platforms) }
}

function answered({ builder }: AddonPackage, status: AddonStatus, published: boolean): AddonStatus {
  if (published) return { ...status, published: true }
  return {
    status: builder === undefined ? 'impossible' : 'compile',
    evidence: status.evidence,
    reason: `nothing is published at ${status.url}`,
  }
}
