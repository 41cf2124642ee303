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

/** Content by digest, and small JSON records by area and key, kept from run to run. The store room's cache fits. */
export interface DebianCache {
  /** The blob if it is here; its digest is checked while it is read. */
  openBlob(content: { digest: Digest; size: number }, options: CancelOptions): Promise<Source | undefined>
  /** Keeps content; checks size and digest while it is written. */
  addBlob(content: { digest: Digest; size: number }, source: Source, options: CancelOptions): Promise<void>
  /** The record that was set under this key; undefined when there is none. */
  record(area: string, key: string): Promise<unknown>
  setRecord(area: string, key: string, value: unknown): Promise<void>
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
