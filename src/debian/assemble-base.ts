import { type CancelOptions, type Finding, mapConcurrently } from '../base/index.ts'
import { digestOf, type Platform } from '../oci/index.ts'
import { type Architecture, architectureOf } from './architecture.ts'
import { openMirror } from './archive/mirror.ts'
import { isBuiltFor } from './archive/package-index.ts'
import type { VerifiedRelease } from './archive/release-index.ts'
import { openSuite } from './archive/open-suite.ts'
import type { AssembledBase, BaseRequest } from './assembled-base.ts'
import { checkNames } from './archive/check-names.ts'
import { platformBase } from './platform-base.ts'
import type { DebianPorts } from './ports.ts'
import { chooseNode } from './resolution/choose-node.ts'
import type { NodePackage } from './resolution/node-release.ts'
import { resolvePackages } from './resolution/resolve-packages.ts'

/**
 * Decides what a base image of Debian packages and Node consists of, for every platform of the request: checks the signed
 * index, follows dependencies, chooses Node. Cheap when nothing changed. The default packages are downloaded only when a
 * layer's entries are read, others when they are new, to look at their scripts. Throws `DebianError`.
 */
export async function assembleBase(
  request: BaseRequest,
  ports: DebianPorts,
  options: CancelOptions,
): Promise<AssembledBase> {
  checkNames(request)
  const { suite, packages: extra = [], mtime = 0 } = request
  const architectures = request.platforms.map(architectureOf)
  const mirror = openMirror(ports.http)
  const findings: Finding[] = []
  const report = (finding: Finding) => {
    findings.push(finding)
  }
  const [releases, nodes] = await Promise.all([
    openSuite(request, { ports, mirror, report }, options),
    chooseNode(request.node, architectures, { ports, report }, options),
  ])
  // One platform after the other: an index is 60 MB while it is read.
  const platforms = await mapConcurrently(
    architectures,
    1,
    async (architecture, at) => {
      const access = { mirror, cache: ports.cache }
      const resolution = await resolvePackages(extra, architecture, releases, access, options)
      const found = [...resolution.findings, ...missingParts(releases.all, architecture)]
      for (const finding of found) report({ ...finding, platform: architecture.platform })
      const node = nodes[at] as NodePackage
      const plan = { platform: request.platforms[at] as Platform, architecture, suite, node, mtime }
      return platformBase({ ...plan, packages: resolution.packages }, ports, mirror)
    },
    options,
  )
  const { codename, version, date } = releases.release.release
  return {
    key: digestOf(JSON.stringify(platforms.map(({ key }) => key))),
    suite: { codename, version, date: date.toISOString() },
    node: nodes[0]?.version ?? '',
    platforms,
    findings: mergeFindings(findings, architectures),
  }
}

/** What is said of every platform is said once, of none in particular. */
function mergeFindings(findings: readonly Finding[], architectures: readonly Architecture[]): Finding[] {
  const platforms = new Set(architectures.map(({ platform }) => platform))
  const byText = new Map<string, Finding[]>()
  for (const finding of findings) {
    const same = byText.get(finding.message)
    if (same) same.push(finding)
    else byText.set(finding.message, [finding])
  }
  return [...byText.values()].flatMap((same) => {
    const [first] = same
    if (!first || new Set(same.map(({ platform }) => platform)).size < platforms.size) return same
    const { platform: _, ...general } = first
    return [general]
  })
}

/** Parts of the suite that exist, but not for this architecture. */
function missingParts(releases: readonly VerifiedRelease[], { debian, platform }: Architecture): Finding[] {
  return releases
    .filter((part) => part.archive.suite.endsWith('-security') && !isBuiltFor(part, debian))
    .map(({ archive }) => ({
      rule: 'base/no-security-updates',
      severity: 'warning',
      message: `${archive.suite} is not built for ${platform}: it gets no security updates any more`,
      hint: 'take a newer suite of Debian',
    }))
}
