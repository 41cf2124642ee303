/** The versions of Node that npm has, as packages for one platform each. */
import semver from 'semver'
import { type CancelOptions, mapConcurrently } from '../../base/index.ts'
import type { Architecture } from '../architecture.ts'
import { DebianError } from '../debian-error.ts'
import type { NodePackument, NpmAccess } from '../ports.ts'

/** Node for one platform, as npm distributes it. */
export interface NodePackage {
  package: string
  version: string
  /** as in the packument: `sha512-…` */
  integrity: string
}

/**
 * The newest version that satisfies the range on all architectures, in their order; prereleases count only when the range
 * names one. Throws `DebianError`: `DEBIAN_PLATFORM_UNSUPPORTED`, `DEBIAN_NODE_NOT_FOUND`.
 */
export async function newestNode(
  range: string,
  architectures: readonly Architecture[],
  npm: NpmAccess,
  options: CancelOptions,
): Promise<NodePackage[]> {
  if (semver.validRange(range) === null)
    throw notFound(`${JSON.stringify(range)} is no version or range of Node`, range)
  const names = architectures.map(nodePackageOf)
  const packuments = await mapConcurrently(names, 4, (name) => npm.packument(name, options), options)
  const offers = packuments.map(installable)
  const version = [...(offers[0]?.keys() ?? [])]
    .filter((candidate) => semver.satisfies(candidate, range))
    .sort(semver.rcompare)
    .find((candidate) => offers.every((offer) => offer.has(candidate)))
  if (version === undefined) throw notForAll(range, architectures, offers)
  return names.map((name, at) => ({ package: name, version, integrity: offers[at]?.get(version) as string }))
}

/** The npm package that holds Node for an architecture. Throws `DebianError` `DEBIAN_PLATFORM_UNSUPPORTED`. */
export function nodePackageOf({ nodePackage, platform }: Architecture): string {
  if (nodePackage !== undefined) return nodePackage
  throw new DebianError('DEBIAN_PLATFORM_UNSUPPORTED', `npm has no package of Node for ${platform}`, {
    kind: 'usage',
    hint: 'take a base image that has Node for it ("base": "REF"), or leave the platform out',
    details: { platform },
  })
}

/** Versions with a checksum that can be verified, and the checksum. */
function installable(packument: NodePackument): Map<string, string> {
  const entries = Object.entries(packument.versions)
  return new Map(
    entries.flatMap(([version, { dist }]) =>
      dist.integrity !== undefined && semver.valid(version) ? [[version, dist.integrity]] : [],
    ),
  )
}

function notForAll(
  range: string,
  architectures: readonly Architecture[],
  offers: readonly ReadonlyMap<string, string>[],
): DebianError {
  const newest = architectures.map(({ platform }, at) => {
    const versions = [...(offers[at]?.keys() ?? [])]
    const inRange = semver.maxSatisfying(versions, range)
    const latest = semver.maxSatisfying(versions, '*')
    return `${platform}: ${inRange ?? `none (its newest is ${latest ?? 'none'})`}`
  })
  return notFound(
    `npm has no Node ${range} that is the same version on ${architectures.map(({ platform }) => platform).join(', ')}`,
    range,
    `the newest of each platform: ${newest.join('; ')}`,
  )
}

function notFound(
  message: string,
  range: string,
  hint = 'a range is 22, 22.11.0 or >=22.3 <23',
): DebianError {
  return new DebianError('DEBIAN_NODE_NOT_FOUND', message, { kind: 'usage', hint, details: { range } })
}
