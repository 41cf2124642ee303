/** The headers as Node's own site and its mirrors have them: `vX.Y.Z/node-vX.Y.Z-headers.tar.gz` beside `SHASUMS256.txt`. */
import { type CancelOptions, collect, type Source, throwIfAborted } from '../../base/index.ts'
import type { HttpGet } from '../../debian/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { AddonTools } from './addon-tools.ts'

const maxListBytes = 1 << 20
const maxArchiveBytes = 64 << 20

export interface DistributedHeaders {
  name: string
  version: string
  key: string
  open(options: CancelOptions): Promise<Source>
}

/** The headers of a version, with the checksum that the site publishes; undefined when they cannot be had. */
export async function distributedHeaders(
  version: string,
  { cache, debian, npm }: AddonTools,
  { signal }: CancelOptions,
): Promise<DistributedHeaders | undefined> {
  const root = (npm.scriptVariables.npm_config_disturl ?? 'https://nodejs.org/dist').replace(/\/+$/, '')
  const file = `node-v${version}-headers.tar.gz`
  const list = await get(`${root}/v${version}/SHASUMS256.txt`, maxListBytes, debian.http, signal)
  const line =
    list &&
    new TextDecoder()
      .decode(list)
      .split('\n')
      .find((each) => each.endsWith(`  ${file}`))
  const digest = line && (`sha256:${line.slice(0, 64)}` as Digest)
  if (!digest) return undefined
  const bytes = await get(`${root}/v${version}/${file}`, maxArchiveBytes, debian.http, signal)
  if (!bytes) return undefined
  const content = { digest, size: bytes.byteLength }
  return {
    name: file,
    version,
    key: digest,
    async open(options) {
      await cache.addBlob(
        content,
        async function* () {
          yield bytes
        },
        options,
      )
      return (await cache.openBlob(content, options)) as Source
    },
  }
}

async function get(
  url: string,
  limit: number,
  http: HttpGet,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const { status, body } = await http(url, { headers: {}, signal })
    return status === 200 && body ? await collect(body, limit, url) : undefined
  } catch {
    throwIfAborted(signal)
    return undefined
  }
}
