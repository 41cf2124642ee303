/** The work of `everyarch publish`. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { CodedError, exitCodes } from '../../base/index.ts'
import { parsePlatforms, parseReference } from '../../oci/index.ts'
import {
  defaultCacheFolder,
  publish as runPublish,
  type PublishSource,
  readDigestFile,
} from '../../pipeline/index.ts'
import { openCache, openStores, storeSettingsFrom } from '../../store/index.ts'
import { showImage, writeImageFiles } from '../build/show-image.ts'
import { checkTags } from '../build/destinations.ts'
import type { PublishFlags } from '../commands/publish.ts'
import type { CommandContext } from '../context.ts'
import { folderConfiguration } from '../folder-configuration.ts'
import { startProgress } from '../progress.ts'
import { smokeRequest } from '../smoke-request.ts'
import { version } from '../version.ts'

/** Merges, proves and tags; resolves to the exit code. */
export async function publish(
  images: readonly string[],
  flags: PublishFlags,
  context: CommandContext,
): Promise<number> {
  const { env, cwd, signal } = context
  const configuration = await folderConfiguration(flags, context)
  const tags = (flags.tag ?? configuration.tags ?? []).map((tag) => parseReference(tag))
  checkTags(tags, 'publish')
  const platforms = flags.platform ?? configuration.platforms
  const sources: PublishSource[] = []
  for (const image of images) sources.push(await sourceOf(image, cwd))
  const smoke = smokeRequest(flags, { configuration, root: cwd, pushing: true, reuse: true })
  const home = homedir()
  const cache = openCache(resolve(cwd, flags.cacheDir ?? defaultCacheFolder(env, home)))
  const insecureRegistries = flags.insecureRegistry ?? configuration.registry?.insecure ?? []
  const stores = openStores({
    ...storeSettingsFrom(env, home),
    insecureRegistries,
    userAgent: `everyarch/${version}`,
  })
  const { progress, stop } = startProgress(flags, context)
  try {
    const request = {
      sources,
      tags,
      ignore: configuration.verify?.ignore ?? [],
      ...(platforms ? { platforms: parsePlatforms(platforms.join(',')) } : {}),
      ...(smoke ? { smoke } : {}),
    }
    const report = await runPublish(request, { stores, cache, env, progress }, { signal })
    stop()
    await writeImageFiles(new Map([['image', report]]), flags, context)
    showImage(report, flags, context)
    return report.proved ? exitCodes.ok : exitCodes.gate
  } finally {
    stop()
    await stores.close()
  }
}

async function sourceOf(text: string, cwd: string): Promise<PublishSource> {
  if (!text.includes('@sha256:')) return { digestFile: await readDigestFile(resolve(cwd, text)) }
  const reference = parseReference(text.replace(/^docker:\/\//, ''), null)
  if (reference.digest) return { reference }
  throw new CodedError('INVALID_FLAG', `${text} names no digest`, {
    kind: 'usage',
    hint: 'write REPOSITORY@sha256:…',
  })
}
