/** Node's releases, as far as addons depend on them (nodejs.org: abi_version_registry.json, "Node-API version matrix"). */

const abis: Record<number, number> = {
  12: 72,
  13: 79,
  14: 83,
  15: 88,
  16: 93,
  17: 102,
  18: 108,
  19: 111,
  20: 115,
  21: 120,
  22: 127,
  23: 131,
  24: 137,
  25: 141,
  26: 147,
  27: 153,
}

/** The first release of each line with a Node-API version; lines that are not named and come later have it from the start. */
const nodeApiReleases: Record<number, readonly string[]> = {
  8: ['12.22.0', '14.17.0', '15.12.0'],
  9: ['18.17.0', '20.3.0'],
  10: ['22.14.0', '23.6.0'],
}

/** NODE_MODULE_VERSION of a Node major; undefined for unknown ones. */
export function abiOfMajor(major: number): number | undefined {
  return abis[major]
}

/** The Node majors with a NODE_MODULE_VERSION, as text for people: `Node 22`. */
export function nodeOfAbi(abi: number): string | undefined {
  const major = Object.entries(abis).find(([, known]) => known === abi)?.[0]
  return major && `Node ${major}`
}

/** Where a Node-API version begins, as text for people: `18.17.0, 20.3.0 and later`. */
export function releasesWithNodeApi(version: number): string | undefined {
  const releases = nodeApiReleases[version]
  return releases && `Node ${releases.join(', ')} and later`
}

/** The highest Node-API version that a Node release offers; 8 for everything older than what the table names. */
export function nodeApiOfRelease(version: string): number {
  const offered = Object.keys(nodeApiReleases)
    .map(Number)
    .filter((api) => hasNodeApi(version, nodeApiReleases[api] ?? []))
  return Math.max(8, ...offered)
}

function hasNodeApi(version: string, releases: readonly string[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const lines = releases.map((release) => release.split('.').map(Number))
  const own = lines.find(([line]) => line === major)
  return own ? minor >= (own[1] ?? 0) : major > Math.max(...lines.map(([line]) => line ?? 0))
}
