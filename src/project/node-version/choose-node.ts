/**
 * From wishes to one Node. The strongest wish comes first and each further one narrows the choice: with engines.node
 * `>=20` and .nvmrc `22`, it is 22. A wish that contradicts the stronger ones is overruled, with a warning. Of what is left,
 * the newest supported LTS line is taken, else the newest supported line, else the newest that has reached its end of life
 * (with a warning). Without any wish it is the newest LTS line.
 */
import semver from 'semver'
import type { Finding } from '../../base/index.ts'
import { ProjectError } from '../project-error.ts'
import {
  knownMajors,
  ltsReleases,
  newestRelease,
  releaseNamed,
  releaseOf,
  type NodeSupport,
  supportOf,
} from './node-releases.ts'
import type { NodeWish } from './read-node-wishes.ts'

/** The Node that the image gets. */
export interface NodeChoice {
  major: number
  /** the version, as far as the project pins it: `22`, `22.11` or `22.11.0`; also the tag of the base image */
  version: string
  /** why, for `everyarch plan` */
  reason: string
  findings: Finding[]
}

interface UsableWish extends NodeWish {
  range: semver.Range
}

/**
 * Pure. `now` decides what is LTS and what has reached its end of life. Throws `ProjectError` `NODE_VERSION_UNKNOWN` for a
 * wish that is no version, or that no Node fulfils.
 */
export function chooseNode(wishes: readonly NodeWish[], now: Date): NodeChoice {
  const findings: Finding[] = []
  const accepted: UsableWish[] = []
  let best: Candidate | undefined
  for (const wish of wishes) {
    const range = rangeOf(wish, now)
    if (!range) {
      findings.push(unusable(wish))
      continue
    }
    const candidate = bestCandidate([...accepted, { ...wish, range }], now)
    if (candidate) {
      accepted.push({ ...wish, range })
      best = candidate
    } else if (best) findings.push(overruled(wish, accepted))
    else throw unknown(wish, 'no Node fulfils it')
  }
  best ??= bestCandidate([], now)
  if (!best)
    throw new ProjectError('NODE_VERSION_UNKNOWN', 'no Node is known to be supported at this date', {
      kind: 'usage',
      hint: 'say which one with engines.node in package.json, and check the clock of this machine',
    })
  const warning = supportFinding(best.major, now)
  return {
    major: best.major,
    version: best.version,
    reason: reasonOf(accepted),
    findings: [...findings, ...warning],
  }
}

function reasonOf(accepted: readonly NodeWish[]): string {
  if (accepted.length === 0) return 'the active LTS; nothing in the project asks for another'
  return accepted.map(({ from, text }) => `${from} says ${text}`).join(', ')
}

/** Names in version files that mean "what is installed here": they say nothing about an image. */
const machineNames = /^(system|path:.*|ref:.*)$/

/** The versions that a wish means; undefined when it says nothing about an image. */
function rangeOf(wish: NodeWish, now: Date): semver.Range | undefined {
  if (machineNames.test(wish.text)) return undefined
  const text = namedVersion(wish, now) ?? wish.text
  try {
    return new semver.Range(text)
  } catch {
    throw unknown(wish, 'it is neither a version nor a range')
  }
}

/** The range behind `lts/*`, `lts/jod`, `lts/-1`, `node`, `latest` …; undefined for a version or range. */
function namedVersion(wish: NodeWish, now: Date): string | undefined {
  const name = wish.text.toLowerCase()
  if (['node', 'stable', 'current', 'latest'].includes(name)) return lineOf(newestRelease(now), wish)
  if (name === 'lts' || name === 'lts/*') return lineOf(ltsReleases(now)[0], wish)
  const back = /^lts\/-(\d+)$/.exec(name)?.[1]
  if (back !== undefined) return lineOf(ltsReleases(now)[Number(back)], wish)
  const codename = /^lts[/-](.+)$/.exec(name)?.[1]
  return codename === undefined ? undefined : lineOf(releaseNamed(codename), wish)
}

function lineOf(release: { major: number } | undefined, wish: NodeWish): string {
  if (!release) throw unknown(wish, 'no line of Node has that name')
  return `${release.major}.x`
}

interface Candidate {
  major: number
  version: string
}

const preference: readonly NodeSupport[] = ['lts', 'current', 'ended', 'unknown', 'unreleased']

function bestCandidate(wishes: readonly UsableWish[], now: Date): Candidate | undefined {
  const bounds = wishes.flatMap(({ range }) => range.set.flat()).map((comparator) => comparator.semver)
  // A comparator that allows everything has a marker instead of a version.
  const versions = bounds.filter((bound) => bound instanceof semver.SemVer)
  const rank = (major: number) => preference.indexOf(supportOf(major, now))
  const majors = [...new Set([...knownMajors(), ...versions.map(({ major }) => major)])]
  majors.sort((a, b) => rank(a) - rank(b) || b - a)
  for (const major of majors) {
    const version = versionIn(major, versions, wishes)
    if (version !== undefined) return { major, version }
  }
  return undefined
}

/** Stands for "the newest": higher than any minor or patch that Node will have. */
const newest = 99_999

/** How the newest version of a major that fulfils all wishes is written: `22`, else `22.11`, else `22.11.0`. */
function versionIn(
  major: number,
  bounds: readonly semver.SemVer[],
  wishes: readonly UsableWish[],
): string | undefined {
  const fulfils = (version: string) => wishes.every(({ range }) => range.test(version))
  if (fulfils(`${major}.${newest}.${newest}`)) return String(major)
  const inMajor = bounds.filter((bound) => bound.major === major)
  // A bound may be exclusive: what lies right below it is a candidate too.
  const minors = inMajor.flatMap(({ minor }) => [minor, minor - 1]).filter((minor) => minor >= 0)
  const minor = minors.sort((a, b) => b - a).find((one) => fulfils(`${major}.${one}.${newest}`))
  if (minor !== undefined) return `${major}.${minor}`
  const exact = inMajor
    .flatMap((bound) =>
      [bound.patch, bound.patch - 1, bound.patch + 1].map((patch) => ({ ...partsOf(bound), patch })),
    )
    .filter(({ patch }) => patch >= 0)
    .map((parts) => `${parts.major}.${parts.minor}.${parts.patch}`)
  return semver.rsort(exact).find(fulfils)
}

function partsOf({ major, minor }: semver.SemVer) {
  return { major, minor }
}

function unknown(wish: NodeWish, why: string): ProjectError {
  return new ProjectError(
    'NODE_VERSION_UNKNOWN',
    `${wish.from} asks for Node ${JSON.stringify(wish.text)}: ${why}`,
    {
      kind: 'usage',
      hint: 'write a major such as 22, a version such as 22.11.0, or a range such as >=22',
      details: { ...wish },
    },
  )
}

function unusable(wish: NodeWish): Finding {
  return {
    rule: 'project/node-version-unusable',
    severity: 'info',
    message: `${wish.from} says ${wish.text}, which means this machine's Node and nothing for an image`,
    details: { ...wish },
  }
}

function overruled(wish: NodeWish, accepted: readonly NodeWish[]): Finding {
  return {
    rule: 'project/node-version-conflict',
    severity: 'warning',
    message: `${wish.from} asks for Node ${wish.text}, but ${reasonOf(accepted)}: the latter counts`,
    hint: 'let the two agree',
    details: { overruled: wish, accepted: accepted.map(({ from, text }) => ({ from, text })) },
  }
}

function supportFinding(major: number, now: Date): Finding[] {
  const support = supportOf(major, now)
  const release = releaseOf(major)
  const supported = ltsReleases(now)[0]
  const hint = supported ? { hint: `Node ${supported.major} is the active LTS` } : {}
  if (support === 'ended') {
    const when = release ? ` on ${release.end}` : ''
    const message = `Node ${major} reached its end of life${when} and gets no security fixes`
    return [{ rule: 'project/node-end-of-life', severity: 'warning', message, ...hint, details: { major } }]
  }
  if (support !== 'unreleased') return []
  const message = `Node ${major} is not released yet; it is planned for ${release?.start ?? 'later'}`
  return [{ rule: 'project/node-unreleased', severity: 'warning', message, ...hint, details: { major } }]
}
