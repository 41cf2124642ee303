/** What `everyarch verify` is asked about: images named on the command line and in deploy manifests. */
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { CodedError, codeOf, messageOf } from '../../base/index.ts'
import { type ImageLocation, parseImageLocation, parsePlatforms, type Platform } from '../../oci/index.ts'
import { collectImages, type ManifestKind } from '../../verify/index.ts'
import type { VerifyFlags } from '../commands/verify.ts'
import type { CommandContext } from '../context.ts'

export interface Target {
  location: ImageLocation
  /** as it was given */
  name: string
  /** platforms that it must have */
  required: Platform[]
  /** what runs it, for messages */
  usedBy?: string[]
}

/** Throws `CodedError` of kind `usage` for what cannot be read, and when nothing is left to verify. */
export async function targetsOf(
  images: readonly string[],
  flags: VerifyFlags,
  context: CommandContext,
): Promise<Target[]> {
  const required = parsePlatforms((flags.requirePlatforms ?? []).join(','))
  const named = images.map(
    (name): Target => ({ location: absolute(parseImageLocation(name), context.cwd), name, required }),
  )
  const manifests = [
    ...(flags.kubernetes ?? []).map((file) => ({ file, kind: 'kubernetes' as const })),
    ...(flags.compose ?? []).map((file) => ({ file, kind: 'compose' as const })),
  ]
  const deployed: Target[] = []
  for (const { file, kind } of manifests)
    deployed.push(...(await readManifest(file, kind, required, context)))
  const targets = [...named, ...deployed]
  if (targets.length > 0) return targets
  throw new CodedError('INVALID_FLAG', 'there is no image to verify', {
    kind: 'usage',
    hint:
      manifests.length > 0
        ? 'the manifests name none'
        : 'name one, such as everyarch verify ghcr.io/acme/shop:1.4.0, or give --kubernetes or --compose',
  })
}

async function readManifest(
  file: string,
  kind: ManifestKind,
  required: readonly Platform[],
  { cwd, env }: CommandContext,
): Promise<Target[]> {
  const text = await readText(file, cwd)
  const dotenv = kind === 'compose' ? await readText(join(dirname(file), '.env'), cwd, '') : ''
  const { images, problems } = collectImages(text, kind, { ...parseEnv(dotenv), ...env })
  // A guard that skips what it does not understand guards nothing.
  if (problems.length > 0) throw unreadable(file, problems.join('; '))
  return images.map(({ image, usedBy, platforms }) => ({
    name: image,
    location: locationOf(image, `${file}: ${usedBy.join(', ')}`),
    required: [...required, ...platforms],
    usedBy: usedBy.map((name) => `${file}: ${name}`),
  }))
}

function locationOf(image: string, place: string): ImageLocation {
  try {
    return parseImageLocation(image)
  } catch (error) {
    throw unreadable(place, messageOf(error), error)
  }
}

/** `instead` stands for a file that is not there. */
async function readText(file: string, cwd: string, instead?: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch (error) {
    if (instead !== undefined && codeOf(error) === 'ENOENT') return instead
    throw unreadable(file, messageOf(error), error)
  }
}

function unreadable(file: string, why: string, cause?: unknown): CodedError {
  return new CodedError('MANIFEST_UNREADABLE', `${file} cannot be read: ${why}`, { kind: 'usage', cause })
}

/** Paths on a command line are relative to where it was typed. */
export function absolute(location: ImageLocation, cwd: string): ImageLocation {
  return 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
}
