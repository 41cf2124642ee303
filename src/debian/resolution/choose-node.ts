/** Which Node goes into the base, asked of npm at most once an hour. */
import semver from 'semver'
import { type CancelOptions, type Finding, messageOf, throwIfAborted } from '../../base/index.ts'
import type { Architecture } from '../architecture.ts'
import { DebianError } from '../debian-error.ts'
import type { DebianPorts } from '../ports.ts'
import { hasShape, isListOf } from '../record-shape.ts'
import { newestNode, nodePackageOf, type NodePackage } from './node-release.ts'

interface Choice {
  /** milliseconds since 1970 */
  chosenAt: number
  packages: readonly NodePackage[]
}

const area = 'debian-node'
const freshFor = 60 * 60 * 1000

/**
 * The newest Node of a range for each architecture, all of one version. An earlier choice counts for an hour, that of an exact
 * version forever, and without an answer from npm as long as it takes, with a finding. Throws what `newestNode` throws.
 */
export async function chooseNode(
  range: string,
  architectures: readonly Architecture[],
  {
    ports,
    report,
  }: { ports: Pick<DebianPorts, 'npm' | 'cache' | 'now'>; report: (finding: Finding) => void },
  options: CancelOptions,
): Promise<readonly NodePackage[]> {
  const key = JSON.stringify([range, architectures.map(nodePackageOf)])
  const record = await ports.cache.record(area, key)
  const earlier = isChoice(record) ? record : undefined
  const now = ports.now().getTime()
  if (earlier && (semver.valid(range) !== null || isFresh(earlier.chosenAt, now))) return earlier.packages
  try {
    const packages = await newestNode(range, architectures, ports.npm, options)
    await ports.cache.setRecord(area, key, { chosenAt: now, packages })
    return packages
  } catch (error) {
    throwIfAborted(options.signal)
    if (!earlier || error instanceof DebianError) throw error
    report(staleChoice(range, earlier.packages, error))
    return earlier.packages
  }
}

function isChoice(value: unknown): value is Choice {
  const node = { package: 'string', version: 'string', integrity: 'string' } as const
  return (
    hasShape(value, { chosenAt: 'number', packages: 'object' }) && isListOf((value as Choice).packages, node)
  )
}

/** A choice from the future was made by a clock that was wrong. */
function isFresh(chosenAt: number, now: number): boolean {
  return chosenAt <= now && now - chosenAt < freshFor
}

function staleChoice(range: string, packages: readonly NodePackage[], error: unknown): Finding {
  return {
    rule: 'base/stale-node-choice',
    severity: 'warning',
    message: `npm could not be asked for Node ${range}: ${packages[0]?.version} of an earlier run is used`,
    hint: 'a newer version is not seen until the registry answers again',
    details: { reason: messageOf(error) },
  }
}
