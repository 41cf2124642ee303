/** One HTTP exchange, as the registry client sees it: no redirects followed, no retries, no credentials of its own. */
import { type CancelOptions, fromBytes } from '../../base/index.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface HttpRequest {
  method: HttpMethod
  url: URL
  headers: Record<string, string>
  body?: HttpBody
  /** milliseconds without any progress after which the exchange fails */
  timeout: number
}

export interface HttpBody {
  /** bytes; sent as content-length */
  length: number
  /** opened once per exchange; whoever sends it also ends the iteration */
  open(options: CancelOptions): AsyncIterable<Uint8Array>
}

export interface HttpAnswer {
  method: HttpMethod
  url: URL
  status: number
  /** lower-case name */
  header(name: string): string | undefined
  /** The body, to be read at most once. Ending the iteration early closes the connection. */
  body(options: CancelOptions): AsyncIterable<Uint8Array>
  /** Reads what little is left and gives the connection back, or closes it. */
  discard(): Promise<void>
}

/** Throws `RegistryError`: `REGISTRY_UNREACHABLE`, `REGISTRY_TIMEOUT`, `REGISTRY_TLS`. */
export type Exchange = (request: HttpRequest, options: CancelOptions) => Promise<HttpAnswer>

/** A body held in memory. */
export function bodyOf(bytes: Uint8Array): HttpBody {
  return { length: bytes.byteLength, open: fromBytes(bytes) }
}
