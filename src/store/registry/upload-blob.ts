/**
 * Uploads (distribution specification, "Pushing blobs"). A small blob is one POST and one PUT. A large one is a POST, then
 * PATCH requests, then an empty PUT. It goes in one piece, because not every registry takes several; only where something
 * on the way refuses the size (413) it is cut. After a failure the registry is asked how far it came, and the rest is sent.
 */
import { type Source, sleep } from '../../base/index.ts'
import type { Descriptor } from '../../oci/index.ts'
import type { PutBlobOptions } from '../store.ts'
import type { HttpBody } from './http.ts'
import { RegistryError } from './registry-error.ts'
import { type Repository, storedDigest, storedStatuses } from './repository.ts'
import { waitAfter } from './retry.ts'
import { askOffset, beginUpload, mountBlob, receivedBytes, type UploadSession } from './upload-session.ts'

/** Up to this many bytes a blob is sent with its PUT: sending it again costs less than asking how far it came. */
const smallBlob = 4 * 1024 * 1024
/** The size of pieces once a whole was refused. */
const pieceBytes = 16 * 1024 * 1024
/** Storing may end with the registry hashing or moving the whole blob, without a sign of life. */
const finishTimeout = 300_000

/** Stores a blob, by mounting it from another repository of the registry if one of them lets us. */
export async function uploadBlob(
  repository: Repository,
  descriptor: Descriptor,
  content: Source,
  options: PutBlobOptions,
): Promise<'sent' | 'mounted'> {
  let session: UploadSession | undefined
  for (const from of mountable(repository, options)) {
    session = await mountBlob(repository, descriptor, from, options)
    if (!session) return 'mounted'
  }
  for (let uploads = 1; ; uploads++) {
    session ??= await beginUpload(repository, descriptor, options)
    try {
      await send(repository, session, { descriptor, content }, options)
      return 'sent'
    } catch (error) {
      const { retry } = repository.client
      if (uploads >= retry.attempts || !mayBeginAnew(error)) throw error
      session = undefined
      await sleep(waitAfter(error, uploads, retry), options)
    }
  }
}

interface Blob {
  descriptor: Descriptor
  content: Source
}

/** Every try costs a request, and usually the first is the base image's: two are enough. */
function mountable(repository: Repository, { mountFrom = [] }: PutBlobOptions): string[] {
  const names = mountFrom
    .filter(
      (reference) =>
        reference.registry === repository.client.registry && reference.repository !== repository.name,
    )
    .map((reference) => reference.repository)
  return [...new Set(names)].slice(0, 2)
}

async function send(
  repository: Repository,
  session: UploadSession,
  blob: Blob,
  options: PutBlobOptions,
): Promise<void> {
  if (blob.descriptor.size <= smallBlob) return finish(repository, session, blob, options)
  await sendPieces(repository, session, blob, options)
  await finish(repository, session, { ...blob, content: async function* () {} }, options)
}

/** Sends what the registry does not have yet; knows after each failure how much that is. */
async function sendPieces(
  repository: Repository,
  session: UploadSession,
  blob: Blob,
  options: PutBlobOptions,
): Promise<void> {
  const { size } = blob.descriptor
  const { retry } = repository.client
  let piece = size
  for (let fruitless = 0; session.offset < size; ) {
    const before = session.offset
    try {
      await sendPiece(repository, session, blob, Math.min(piece, size - before), options)
      fruitless = 0
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      if (error.status === 413 && piece > pieceBytes) piece = Math.max(pieceBytes, session.minPiece)
      else if (!error.retryable) throw error
      fruitless++
      if (fruitless >= retry.attempts) throw error
      await sleep(waitAfter(error, fruitless, retry), options)
      await askOffset(repository, session, blob.descriptor, options)
      if (session.offset > before) fruitless = 0
      options.onBytes?.(session.offset)
    }
  }
}

async function sendPiece(
  repository: Repository,
  session: UploadSession,
  { descriptor, content }: Blob,
  length: number,
  { signal, onBytes }: PutBlobOptions,
): Promise<void> {
  const { offset } = session
  const answer = await repository.client.send(
    {
      method: 'PATCH',
      target: session.location,
      scopes: [repository.scope],
      action: `upload blob ${descriptor.digest} to ${repository.title}`,
      expect: [202, 201, 204],
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${offset}-${offset + length - 1}`,
      },
      body: bodyFrom(content, offset, length, onBytes),
      once: true,
    },
    { signal },
  )
  await answer.discard()
  session.location = repository.client.locationOf(answer)
  // Without a Range the registry took everything; one that took less says so.
  session.offset = Math.min(receivedBytes(answer) ?? offset + length, offset + length)
}

/** The closing PUT: with the content of a small blob, or empty. */
async function finish(
  repository: Repository,
  session: UploadSession,
  { descriptor, content }: Blob,
  { signal, onBytes }: PutBlobOptions,
): Promise<void> {
  // Appended as text: a query that is parsed and printed again may lose its signature.
  const { href, search } = session.location
  const target = new URL(`${href}${search ? '&' : '?'}digest=${encodeURIComponent(descriptor.digest)}`)
  const length = descriptor.size - session.offset
  const answer = await repository.client.send(
    {
      method: 'PUT',
      target,
      scopes: [repository.scope],
      action: `upload blob ${descriptor.digest} to ${repository.title}`,
      expect: storedStatuses,
      headers: { 'content-type': 'application/octet-stream' },
      body: bodyFrom(content, session.offset, length, onBytes),
      timeout: finishTimeout,
      once: true,
    },
    { signal },
  )
  await answer.discard()
  storedDigest(answer)
}

/** `length` bytes of the content from `offset` on. Tells how far the content was read, which is how much was sent. */
function bodyFrom(
  content: Source,
  offset: number,
  length: number,
  onBytes: PutBlobOptions['onBytes'],
): HttpBody {
  return {
    length,
    async *open(options) {
      let position = 0
      const end = offset + length
      if (length === 0) return
      for await (const chunk of content(options)) {
        const wanted = chunk.subarray(Math.max(0, offset - position), Math.max(0, end - position))
        position += chunk.byteLength
        if (wanted.byteLength > 0) {
          yield wanted
          onBytes?.(Math.min(position, end))
        }
        if (position >= end) return
      }
    },
  }
}

/**
 * Whether a new upload may do better: the registry lost this one (404), found its bytes to be others (400), or its offset to
 * be elsewhere (416), or failed for the moment.
 */
function mayBeginAnew(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false
  if (error.retryable || error.status === 404 || error.status === 416) return true
  return error.complains('BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID', 'DIGEST_INVALID', 'SIZE_INVALID')
}
