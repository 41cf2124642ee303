/** The work of `everyarch addons`. */
import { resolve } from 'node:path'
import {
  type AddonPackage,
  addonsReport,
  type AddonsReport,
  classifyAddons,
  unavailablePackages,
  type UnreadPackage,
  withAnswers,
} from '../../addons/index.ts'
import { CodedError, exitCodes, messageOf, type Progress } from '../../base/index.ts'
import { readLock } from '../../engines/direct/index.ts'
import { nameAndVersion, platformFindings } from '../../lockfile/index.ts'
import { npmTargetOf, packageSource, planNodeModules, type TargetPlatform } from '../../npm/index.ts'
import { formatPlatform, parsePlatforms, type Platform } from '../../oci/index.ts'
import { openProject, type Project, targetPlatforms } from '../../project/index.ts'
import { addonsText } from '../../report/index.ts'
import type { AddonsFlags } from '../commands/addons.ts'
import type { CommandContext } from '../context.ts'
import { startProgress } from '../progress.ts'
import { commandTools } from '../tools.ts'
import { askServers } from './ask-servers.ts'
import { imageFacts } from './image-facts.ts'

export async function addons(path: string, flags: AddonsFlags, context: CommandContext): Promise<number> {
  const { stdout, stderr } = context
  const project = await openProject(resolve(context.cwd, path), {
    flags: {
      ...(flags.platform ? { platforms: parsePlatforms(flags.platform.join(',')).map(formatPlatform) } : {}),
      ...(flags.workspace === undefined ? {} : { workspace: flags.workspace }),
    },
    signal: context.signal,
    ...(flags.config ? { configurationFile: flags.config } : {}),
  })
  const { progress, stop } = startProgress(flags, context)
  const report = await lookAt(project, flags, progress, context).finally(stop)
  if (flags.json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else
    stdout.write(
      addonsText(report, { colour: stdout.colour, columns: stdout.columns, why: flags.why ?? false }),
    )
  const suspected = report.unread.filter((one) => one.suspected)
  if (suspected.length > 0) {
    const names = suspected.map((one) => one.package).join(', ')
    stderr.write(`not all could be looked at: ${names}: ${suspected[0]?.reason ?? ''}\n`)
  }
  const isShort = report.findings.some(({ severity }) => severity === 'error')
  if (isShort || unavailablePackages(report).length > 0) return exitCodes.gate
  return suspected.length > 0 ? exitCodes.environment : exitCodes.ok
}

async function lookAt(
  project: Project,
  flags: AddonsFlags,
  progress: Progress,
  context: CommandContext,
): Promise<AddonsReport> {
  const { signal } = context
  const tools = await commandTools(project, flags, progress, context)
  try {
    const { npm, cache, temporaryFolder } = tools
    const lock = await readLock(project, npm)
    const { nodeVersion, node, libc } = await imageFacts(project, flags, { now: tools.now(), signal })
    const glibc = libc.version === undefined ? {} : { glibc: libc.version }
    const wanted = targetPlatforms(project.configuration)
    refuseOtherSystems(wanted)
    const platforms = wanted.map((platform): TargetPlatform => {
      return { platform, libc: libc.name, nodeVersion, ...glibc }
    })
    const source = packageSource({ config: npm, records: cache, temporaryFolder })
    const scope = {
      omit: flags.omit === 'dev' ? (['dev'] as const) : [],
      legacyPeerDeps: npm.legacyPeerDeps,
      ...(project.app.folder === '' ? {} : { workspaces: [project.app.folder] }),
    }
    const plan = await planNodeModules(lock, { ...scope, platforms, source, binLinks: false, signal })
    const unread: UnreadPackage[] = []
    const found = await classifyAddons(plan, {
      platforms,
      source,
      records: cache,
      everyPackage: !flags.quick,
      onPackage: progressOf(progress),
      onUnread: (locked, failure, suspected) =>
        unread.push({ package: nameAndVersion(locked), reason: messageOf(failure), suspected }),
      signal,
    })
    const targets = new Map(platforms.map((target) => [formatPlatform(target.platform), npmTargetOf(target)]))
    return addonsReport(lock, flags.online ? await askedFor(found, context) : found, {
      project: project.app.packageJson.name ?? project.root,
      node,
      libc,
      platforms: [...targets.keys()],
      findings: platformFindings(lock, { ...scope, omit: ['dev'], targets }),
      unread,
    })
  } finally {
    await tools.close()
  }
}

/** Says on standard error which servers gave no clear answer: their binaries stay `download`. */
async function askedFor(found: readonly AddonPackage[], context: CommandContext): Promise<AddonPackage[]> {
  const addresses = found.flatMap(({ platforms }) => Object.values(platforms).flatMap(({ url }) => url ?? []))
  const { published, unanswered } = await askServers(addresses, context, context)
  for (const [address, reason] of unanswered) context.stderr.write(`${address} is not known: ${reason}\n`)
  return found.map((addon) => withAnswers(addon, published))
}

/** Packages as one piece of work: most are known from an earlier run, so that a first look is what takes time. */
function progressOf(progress: Progress): (done: number, total: number) => void {
  const id = 'addons'
  return (done, total) => {
    if (done === 1)
      progress({ type: 'start', id, station: 'deps', text: 'packages looked at', total, unit: 'items' })
    else if (done < total) progress({ type: 'advance', id, done })
    if (done === total) progress({ type: 'end', id, text: `${total} packages looked at` })
  }
}

function refuseOtherSystems(platforms: readonly Platform[]): void {
  const other = platforms.find(({ os }) => os !== 'linux')
  if (!other) return
  throw new CodedError(
    'PLATFORM_NOT_LINUX',
    `${formatPlatform(other)}: only images for Linux are looked at`,
    {
      kind: 'usage',
      hint: 'choose platforms such as linux/amd64 with --platform',
      details: { platform: formatPlatform(other) },
    },
  )
}
