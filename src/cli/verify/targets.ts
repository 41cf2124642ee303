/** What `everyarch verify` is asked about: images named on the command line and in deploy manifests. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CodedError, messageOf } from '../../base/index.ts'
import { type ImageLocation, parseImageLocation, parsePlatforms, type Platform } from '../../oci/index.ts'
import { collectImages, type ManifestKind } from '../../verify/index.ts'
import type { VerifyFlags } from '../commands/verify.ts'
import type { CommandContext } from '../context.ts'

export interface Target {
  location: ImageLocation
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
    (text): Target => ({ location: absolute(parseImageLocation(text), context.cwd), required }),
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
  const unreadable = (why: string, cause?: unknown) =>
    new CodedError('MANIFEST_UNREADABLE', `${file} cannot be read: ${why}`, { kind: 'usage', cause })
  const text = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw unreadable(messageOf(cause), cause)
  })
  const { images, problems } = collectImages(text, kind, env)
  // A guard that skips what it does not understand guards nothing.
  if (problems.length > 0) throw unreadable(problems.join('; '))
  return images.map(({ image, usedBy, platforms }) => ({
    location: parseImageLocation(image),
    required: [...required, ...platforms],
    usedBy: usedBy.map((name) => `${file}: ${name}`),
  }))
}

/** Paths on a command line are relative to where it was typed. */
export function absolute(location: ImageLocation, cwd: string): ImageLocation {
  return 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
}
