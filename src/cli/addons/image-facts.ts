/** What decides about binaries beside the platform, from names and flags alone: no base image is opened. */
import type { AddonsReport } from '../../addons/index.ts'
import type { CancelOptions } from '../../base/index.ts'
import { wishedNode } from '../../engines/direct/index.ts'
import { baseImageOf } from '../../forecast/index.ts'
import type { Project } from '../../project/index.ts'
import type { AddonsFlags } from '../commands/addons.ts'

export interface ImageFacts extends Pick<AddonsReport, 'node' | 'libc'> {
  /** a whole version: where the project pins only the line, a release later than every one of it */
  nodeVersion: string
}

export async function imageFacts(
  project: Project,
  flags: AddonsFlags,
  { now, signal }: CancelOptions & { now: Date },
): Promise<ImageFacts> {
  const wished = await wishedNode(project, { now, signal })
  const node =
    flags.node === undefined
      ? { version: wished.version, reason: wished.reason }
      : { version: flags.node, reason: '--node' }
  const [major = '', minor = '99', patch = '99'] = node.version.split('.')
  return { node, libc: libcOf(project, flags), nodeVersion: `${major}.${minor}.${patch}` }
}

function libcOf({ configuration }: Project, flags: AddonsFlags): AddonsReport['libc'] {
  const base = baseName(flags.base ?? configuration.base)
  const known = base === undefined ? undefined : baseImageOf(base)
  const named = known?.libc === undefined ? undefined : { name: known.libc, reason: `base ${base}` }
  if (flags.libc !== undefined && flags.libc !== named?.name) return { name: flags.libc, reason: '--libc' }
  const { name, reason } = named ?? { name: 'glibc' as const, reason: 'default' }
  return { name, reason, ...(known?.glibc === undefined ? {} : { version: known.glibc }) }
}

/** A reference; an assembled base is what `debian:SUITE` is. */
function baseName(base: Project['configuration']['base']): string | undefined {
  if (typeof base === 'object') return `debian:${base.suite ?? 'bookworm'}`
  return base?.replace(/^assemble:/, 'debian:').replace(/^docker:\/\//, '')
}
