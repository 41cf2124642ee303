/** What the assembled base needs from the world: each port is a value, given by whoever composes the program. */
import type { CancelOptions, Source } from '../base/index.ts'
import type { Digest } from '../oci/index.ts'

/** What of an HTTP answer is used; a `Response` of `fetch` fits. */
export interface HttpAnswer {
  status: number
  headers: { get(name: string): string | null }
  body: AsyncIterable<Uint8Array> | null
}

/** `fetch` as far as it is used: GET over http and https with proxies and certificates taken care of. */
export type HttpGet = (
  url: string,
  options: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<HttpAnswer>

/** Content by digest and small records by key, kept from run to run. */
export interface DebianCache {
  /** A stored blob, or undefined. */
  openBlob(digest: Digest, options: CancelOptions): Promise<Source | undefined>
  /** Stores content, checking digest and size while it is written, and returns it as stored. */
  addBlob(
    expected: { digest: Digest; size: number },
    content: Source,
    options: CancelOptions,
  ): Promise<Source>
  /** A record written before under this key, or undefined. Keys are text of any characters. */
  readRecord(key: string, options: CancelOptions): Promise<Uint8Array | undefined>
  writeRecord(key: string, bytes: Uint8Array, options: CancelOptions): Promise<void>
}

/** What of an npm packument is used. */
export interface NodePackument {
  versions: Record<string, { dist: { integrity?: string; tarball: string } }>
}

/** npm's registry as configured for the user. */
export interface NpmAccess {
  packument(name: string, options: CancelOptions): Promise<NodePackument>
  /** The tarball's bytes (gzip), checked against `integrity` before they are handed out. */
  tarball(name: string, version: string, integrity: string, options: CancelOptions): Promise<Source>
}

export interface DebianPorts {
  http: HttpGet
  cache: DebianCache
  npm: NpmAccess
  /** the folder that stands for `/` when the host's apt configuration and keyrings are read; absent: they are not */
  hostRoot?: string
  /** the present */
  now: () => Date
}
