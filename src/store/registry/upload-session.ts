/** Uploads that a registry has begun (distribution specification, "Pushing blobs"): where they go on, and how far they came. */
import type { CancelOptions } from '../../base/index.ts'
import type { Descriptor } from '../../oci/index.ts'
import type { Scope } from './authorizer.ts'
import type { HttpAnswer } from './http.ts'
import { RegistryError } from './registry-error.ts'
import type { Repository } from './repository.ts'

export interface UploadSession {
  location: URL
  /** bytes that the registry has */
  offset: number
  /** pieces but the last may not be smaller */
  minPiece: number
}

/** Undefined when the blob was mounted; else the registry has begun an upload in its place. */
export async function mountBlob(
  repository: Repository,
  { digest }: Descriptor,
  from: string,
  { signal }: CancelOptions,
): Promise<UploadSession | undefined> {
  const query = new URLSearchParams({ mount: digest, from })
  const scopes: Scope[] = [repository.scope, { repository: from, actions: 'pull' }]
  try {
    const answer = await post(repository, `?${query.toString()}`, digest, scopes, { signal })
    await answer.discard()
    return answer.status === 201 ? undefined : sessionFrom(repository, answer)
  } catch (error) {
    // No permission to read the other repository is no reason not to write this one.
    const refused = error instanceof RegistryError && !error.retryable && error.status !== undefined
    if (!refused) throw error
    return beginUpload(repository, { digest }, { signal })
  }
}

export async function beginUpload(
  repository: Repository,
  { digest }: Pick<Descriptor, 'digest'>,
  { signal }: CancelOptions,
): Promise<UploadSession> {
  const answer = await post(repository, '', digest, [repository.scope], { signal })
  await answer.discard()
  return sessionFrom(repository, answer)
}

function post(
  repository: Repository,
  query: string,
  digest: string,
  scopes: readonly Scope[],
  options: CancelOptions,
): Promise<HttpAnswer> {
  const request = {
    method: 'POST' as const,
    target: `${repository.name}/blobs/uploads/${query}`,
    scopes,
    action: `upload blob ${digest} to ${repository.title}`,
    expect: query === '' ? [202] : [201, 202],
    headers: { 'content-length': '0' },
  }
  return repository.client.send(request, options)
}

function sessionFrom(repository: Repository, answer: HttpAnswer): UploadSession {
  const minPiece = Number(answer.header('oci-chunk-min-length') ?? 0) || 0
  return { location: repository.client.locationOf(answer), offset: 0, minPiece }
}

/** "Get blob upload status": how far the registry came, and where to go on. */
export async function askOffset(
  repository: Repository,
  session: UploadSession,
  { digest }: Descriptor,
  { signal }: CancelOptions,
): Promise<void> {
  const answer = await repository.client.send(
    {
      method: 'GET',
      target: session.location,
      scopes: [repository.scope],
      action: `go on with the upload of blob ${digest} to ${repository.title}`,
      expect: [204, 200, 202],
    },
    { signal },
  )
  await answer.discard()
  if (answer.header('location') !== undefined) session.location = repository.client.locationOf(answer)
  session.offset = receivedBytes(answer) ?? 0
}

/** `Range: 0-N` tells the last byte that arrived. `0-0` also stands for none, and is taken so: nobody stops after one byte. */
export function receivedBytes(answer: HttpAnswer): number | undefined {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range')?.trim() ?? '')?.[1]
  if (last === undefined) return undefined
  return last === '0' ? 0 : Number(last) + 1
}
