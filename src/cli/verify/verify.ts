/** The work of `everyarch verify`. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { CodedError, exitCodeOf, exitCodes, type Progress } from '../../base/index.ts'
import { type Digest, isDigest, type Platform, parseImageLocation, parsePlatforms } from '../../oci/index.ts'
import { defaultCacheFolder } from '../../pipeline/index.ts'
import { githubAnnotations, placedFindings, verifyText } from '../../report/index.ts'
import { openCache, openReader, openStores, type Stores, storeSettingsFrom } from '../../store/index.ts'
import {
  type IgnoreEntry,
  layersOf,
  type VerifyReport,
  verifyImage,
  verifyRules,
} from '../../verify/index.ts'
import type { VerifyFlags } from '../commands/verify.ts'
import type { CommandContext } from '../context.ts'
import { failureText } from '../failure.ts'
import { folderConfiguration } from '../folder-configuration.ts'
import { startProgress } from '../progress.ts'
import { sarifOf } from '../sarif.ts'
import { version } from '../version.ts'
import { absolute, type Target, targetsOf } from './targets.ts'

/** Verifies the images; resolves to the exit code. */
export async function verify(
  images: readonly string[],
  flags: VerifyFlags,
  context: CommandContext,
): Promise<number> {
  const targets = await targetsOf(images, flags, context)
  if (flags.expectTagDigest && targets.length > 1) {
    throw new CodedError('INVALID_FLAG', '--expect-tag-digest is for one image, and there are several', {
      kind: 'usage',
      hint: 'verify them one by one',
    })
  }
  const stores = openStores({
    ...storeSettingsFrom(context.env, homedir()),
    insecureRegistries: flags.insecureRegistry ?? [],
    userAgent: `everyarch/${version}`,
  })
  const { progress, stop } = startProgress(flags, context)
  try {
    const { verified, failures } = await verifyAll(targets, { flags, stores, progress, context })
    stop()
    await show(verified, flags, context)
    for (const failure of failures) {
      context.stderr.write(
        failureText(failure, { colour: context.stderr.colour, debug: flags.debug ?? false }),
      )
    }
    if (failures.length > 0) return exitCodeOf(failures[0])
    return verified.some(({ counts }) => counts.errors > 0) ? exitCodes.gate : exitCodes.ok
  } finally {
    stop()
    await stores.close()
  }
}

interface Work {
  flags: VerifyFlags
  stores: Stores
  progress: Progress
  context: CommandContext
}

/** A report, with what runs the image where a deploy manifest says so. */
interface VerifiedTarget extends VerifyReport {
  usedBy?: string[]
}

/** An image that cannot be read does not hide what is wrong with the others; a lone one is the command's failure. */
async function verifyAll(
  targets: readonly Target[],
  work: Work,
): Promise<{ verified: VerifiedTarget[]; failures: CodedError[] }> {
  const options = await sharedOptions(work)
  const verified: VerifiedTarget[] = []
  const failures: CodedError[] = []
  for (const target of targets) {
    try {
      const { usedBy } = target
      verified.push({ ...(await verifyTarget(target, options, work)), ...(usedBy ? { usedBy } : {}) })
    } catch (error) {
      const isForeseen =
        error instanceof CodedError && error.kind !== 'interrupted' && error.kind !== 'internal'
      if (!isForeseen || targets.length === 1) throw error
      failures.push(namingImage(error, target))
    }
  }
  return { verified, failures }
}

/** Among several images a failure says which one it is about. */
function namingImage(error: CodedError, { name, usedBy }: Target): CodedError {
  if (usedBy === undefined && error.message.includes(name)) return error
  const { code, kind, message, hint, cause, details } = error
  const place = usedBy ? `${name} (${usedBy.join(', ')})` : name
  return new CodedError(code, `${place}: ${message}`, { kind, cause, details, ...(hint ? { hint } : {}) })
}

interface SharedOptions {
  ignore: IgnoreEntry[]
  trustedLayers: ReadonlySet<string>
  platforms?: Platform[]
  expectDigest?: Digest
}

async function sharedOptions(work: Work): Promise<SharedOptions> {
  const { flags, context } = work
  const platforms = flags.platform ? { platforms: parsePlatforms(flags.platform.join(',')) } : {}
  const ignore = [
    ...((await folderConfiguration(flags, context)).verify?.ignore ?? []),
    ...(flags.ignore ?? []).map(parseIgnore),
  ]
  const trustedLayers = flags.base === undefined ? new Set<string>() : await baseLayers(flags.base, work)
  const { expectTagDigest } = flags
  if (expectTagDigest === undefined) return { ignore, trustedLayers, ...platforms }
  const expectDigest = isDigest(expectTagDigest)
    ? expectTagDigest
    : await digestOfImage(expectTagDigest, work)
  return { ignore, trustedLayers, expectDigest, ...platforms }
}

async function verifyTarget(
  { location, required }: Target,
  options: SharedOptions,
  { flags, stores, progress, context }: Work,
): Promise<VerifyReport> {
  const { signal, env, cwd } = context
  const reader = await openReader(location, stores, { signal })
  try {
    return await verifyImage(reader, {
      ...options,
      requirePlatforms: required,
      records: openCache(resolve(cwd, flags.cacheDir ?? defaultCacheFolder(env, homedir()))),
      progress,
      signal,
    })
  } finally {
    await reader.close()
  }
}

async function baseLayers(image: string, { stores, context }: Work): Promise<Set<string>> {
  const { signal, cwd } = context
  const reader = await openReader(absolute(parseImageLocation(image), cwd), stores, { signal })
  try {
    return await layersOf(reader, { signal })
  } finally {
    await reader.close()
  }
}

async function digestOfImage(image: string, { stores, context }: Work): Promise<Digest> {
  const { signal, cwd } = context
  const reader = await openReader(absolute(parseImageLocation(image), cwd), stores, { signal })
  await reader.close()
  return reader.root.descriptor.digest
}

function parseIgnore(text: string): IgnoreEntry {
  const equals = text.indexOf('=')
  return equals < 0 ? { rule: text } : { rule: text.slice(0, equals), path: text.slice(equals + 1) }
}

async function show(
  verified: readonly VerifiedTarget[],
  flags: VerifyFlags,
  { stdout }: CommandContext,
): Promise<void> {
  const placed = verified.flatMap(({ findings, image }) => placedFindings(findings, image))
  if (flags.json) stdout.write(`${JSON.stringify({ images: verified }, null, 2)}\n`)
  else if (flags.sarif) stdout.write(await sarifOf(placed, 'verify', verifyRules))
  else if (flags.github) stdout.write(githubAnnotations(placed.filter(({ severity }) => severity !== 'info')))
  else {
    const texts = verified.map(({ usedBy, ...report }) =>
      verifyText(report, { colour: stdout.colour, ...(usedBy ? { usedBy } : {}) }),
    )
    stdout.write(texts.join('\n'))
  }
}
