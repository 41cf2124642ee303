/** The work of `everyarch check --deploy IMAGE`: the checklist before a deploy. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { CodedError, exitCodes } from '../../base/index.ts'
import { type DeployedImage, type DeployFacts, deployChecklist, deployQuestions } from '../../checks/index.ts'
import { isIndexType, decodeIndex, parseImageLocation } from '../../oci/index.ts'
import { defaultCacheFolder, testedAnnotation, untestedAnnotation } from '../../pipeline/index.ts'
import { checklistText } from '../../report/index.ts'
import { openCache, openReader, openStores, type Stores, storeSettingsFrom } from '../../store/index.ts'
import { verifyImage } from '../../verify/index.ts'
import type { CheckFlags } from '../commands/check.ts'
import type { CommandContext } from '../context.ts'
import { version } from '../version.ts'
import type { CheckSettings } from './check-settings.ts'
import { cacheStates, machineFacts } from './deploy-facts.ts'
import type { ProjectFiles } from './read-files.ts'

/** Reads the image, judges it together with the project's files, prints the checklist; resolves to the exit code. */
export async function deploy(
  image: string,
  flags: CheckFlags,
  { files, settings }: { files: ProjectFiles; settings: CheckSettings },
  context: CommandContext,
): Promise<number> {
  refuseOthers(flags)
  const questions = deployQuestions(files.texts, settings.options)
  const facts: DeployFacts = await withStores(settings, context, async (stores) => ({
    image: await readImage(image, stores, context),
    machine: questions.machine ? await machineFacts(questions, stores, context) : undefined,
    caches: await cacheStates(questions.caches, stores, context),
  }))
  const lines = deployChecklist(files.texts, settings.options, facts)
  const { stdout } = context
  stdout.write(
    flags.json || flags.format === 'json'
      ? `${JSON.stringify({ image, digest: facts.image.digest, checklist: lines }, null, 2)}\n`
      : checklistText(lines, { image, digest: facts.image.digest, colour: stdout.colour }),
  )
  return lines.some(({ state }) => state === 'not done') ? exitCodes.gate : exitCodes.ok
}

/** The checklist changes nothing and is no list of findings. */
function refuseOthers({ fix, writeBaseline, online, maxWarnings, format }: CheckFlags): void {
  const given = [
    ...(fix ? ['--fix'] : []),
    ...(writeBaseline ? ['--write-baseline'] : []),
    ...(online ? ['--online'] : []),
    ...(maxWarnings === undefined ? [] : ['--max-warnings']),
    ...(format === 'sarif' || format === 'github' ? [`--format ${format}`] : []),
  ]
  if (given.length === 0) return
  throw new CodedError('INVALID_FLAG', `${given.join(', ')} cannot be used together with --deploy`, {
    kind: 'usage',
    hint: 'run everyarch check without --deploy for that',
  })
}

/** The stores of the machine's own settings, closed in every case. */
async function withStores<T>(
  { insecureRegistries }: CheckSettings,
  { env }: CommandContext,
  use: (stores: Stores) => Promise<T>,
): Promise<T> {
  const settings = storeSettingsFrom(env, homedir())
  const stores = openStores({ ...settings, insecureRegistries, userAgent: `everyarch/${version}` })
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}

async function readImage(
  image: string,
  stores: Stores,
  { env, cwd, signal }: CommandContext,
): Promise<DeployedImage> {
  const location = parseImageLocation(image)
  const place = 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
  const reader = await openReader(place, stores, { signal })
  try {
    const records = openCache(defaultCacheFolder(env, homedir()))
    const report = await verifyImage(reader, { records, signal })
    const { bytes, descriptor } = reader.root
    const { annotations = {} } = isIndexType(descriptor.mediaType) ? decodeIndex(bytes, reader.name) : {}
    return {
      name: image,
      digest: report.digest,
      platforms: report.platforms.map(({ platform, digest, content }) => ({
        platform,
        digest,
        binaries: content?.binaries ?? 0,
        addons: content?.addons ?? 0,
      })),
      findings: report.findings,
      tested: listOf(annotations[testedAnnotation]),
      untested: listOf(annotations[untestedAnnotation]),
    }
  } finally {
    await reader.close()
  }
}

function listOf(text: string | undefined): string[] {
  return (
    text
      ?.split(',')
      .map((item) => item.trim())
      .filter(Boolean) ?? []
  )
}
