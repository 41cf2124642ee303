/** Downloads that survive dropped connections: what is missing is asked for with `Range`. */
import { type CancelOptions, type Source, sleep } from '../../base/index.ts'
import { type Descriptor, verified } from '../../oci/index.ts'
import type { HttpAnswer } from './http.ts'
import { RegistryError } from './registry-error.ts'
import type { Repository } from './repository.ts'
import { backoff } from './retry.ts'

/** A blob's content, checked against its descriptor while it is read. */
export function downloadBlob(repository: Repository, descriptor: Descriptor): Source {
  const what = `blob ${descriptor.digest} of ${repository.title}`
  return verified((options) => pieces(repository, descriptor, options), descriptor, what)
}

/** Asks again, from where it stopped, as long as each connection brings something or few in a row bring nothing. */
async function* pieces(
  repository: Repository,
  descriptor: Descriptor,
  { signal }: CancelOptions,
): AsyncGenerator<Uint8Array> {
  const { retry } = repository.client
  let offset = 0
  for (let fruitless = 0; offset < descriptor.size; ) {
    const before = offset
    try {
      for await (const chunk of fromOffset(repository, descriptor, offset, { signal })) {
        offset += chunk.byteLength
        yield chunk
      }
      // A body that ends early without an error: a proxy closed a stream of unknown length.
      if (offset < descriptor.size && offset === before) throw cutOff(repository, descriptor, offset)
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.retryable) throw error
      fruitless = offset > before ? 1 : fruitless + 1
      if (fruitless >= retry.attempts) throw error
      await sleep(backoff(fruitless, retry), { signal })
    }
  }
}

async function* fromOffset(
  repository: Repository,
  { digest, size }: Descriptor,
  offset: number,
  { signal }: CancelOptions,
): AsyncGenerator<Uint8Array> {
  const answer = await repository.client.send(
    {
      method: 'GET',
      target: `${repository.name}/blobs/${digest}`,
      scopes: [repository.scope],
      action: `read blob ${digest} of ${repository.title}`,
      expect: offset > 0 ? [200, 206] : [200],
      headers: offset > 0 ? { range: `bytes=${offset}-${size - 1}` } : {},
    },
    { signal },
  )
  let skip = answer.status === 206 ? offset - rangeStart(answer, offset) : offset
  for await (const chunk of answer.body({ signal })) {
    const rest = skip > 0 ? chunk.subarray(Math.min(skip, chunk.byteLength)) : chunk
    skip -= chunk.byteLength - rest.byteLength
    if (rest.byteLength > 0) yield rest
  }
}

/** Where a 206 begins; a server may answer from earlier than asked, never from later. */
function rangeStart(answer: HttpAnswer, asked: number): number {
  const start = Number(/^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1] ?? asked)
  if (start <= asked) return start
  throw new RegistryError('REGISTRY_PROTOCOL', `${answer.url.host} sent another range than asked for`, {
    kind: 'environment',
    retryable: true,
  })
}

function cutOff(repository: Repository, { digest, size }: Descriptor, offset: number): RegistryError {
  return new RegistryError(
    'REGISTRY_UNREACHABLE',
    `blob ${digest} of ${repository.title} ended after ${offset} of ${size} bytes`,
    { kind: 'environment', hint: 'run again; what was stored already is not sent again', retryable: true },
  )
}
