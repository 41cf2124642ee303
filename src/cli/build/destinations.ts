/** Where results go, from the command line's words. */
import { resolve } from 'node:path'
import { CodedError } from '../../base/index.ts'
import { type ImageLocation, parseImageLocation, type Reference } from '../../oci/index.ts'
import type { BuildFlags } from '../commands/build.ts'

/** A place for an image. Throws `CodedError` `INVALID_FLAG`, `OciError`. */
export function outputLocation(text: string, cwd: string): ImageLocation {
  const location = parseImageLocation(text)
  if (location.transport === 'docker') {
    throw new CodedError('INVALID_FLAG', `--output ${text} is not a place for an image`, {
      kind: 'usage',
      hint: 'write oci:DIR, oci-archive:FILE, docker-archive:FILE or docker-daemon:REF; registries are named with --tag and --push',
    })
  }
  return 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
}

/** The files and folders on this machine that a build will write. */
export function writtenPlaces(
  { output = [], metadataFile, iidfile, digestFile }: BuildFlags,
  cwd: string,
): string[] {
  const images = output
    .map((text) => outputLocation(text, cwd))
    .flatMap((location) => ('path' in location ? location.path : []))
  const files = [metadataFile, iidfile, digestFile].filter((file) => file !== undefined)
  return [...images, ...files.map((file) => resolve(cwd, file))]
}

/** Names that a registry can give: some, and none of them a digest. Throws `CodedError` `INVALID_FLAG`. */
export function checkTags(tags: readonly Reference[], asker: string): void {
  if (tags.length === 0) {
    throw new CodedError('INVALID_FLAG', `${asker} needs a name to publish under`, {
      kind: 'usage',
      hint: 'add --tag, such as --tag ghcr.io/acme/shop:1.4.0',
    })
  }
  const digest = tags.find((tag) => tag.digest)
  if (digest) {
    throw new CodedError('INVALID_FLAG', `--tag ${digest.repository}@${digest.digest} names a digest`, {
      kind: 'usage',
      hint: 'a digest follows from the content; give a tag',
    })
  }
}
