/** A server of prebuilt binaries on this machine: what GitHub's releases are to prebuild-install. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface PrebuildServer {
  url: string
  /** paths that were asked for, in order */
  asked: string[]
  /** contents by path */
  files: Map<string, Uint8Array>
  /** what every answer is instead */
  status?: number
  stop(): Promise<void>
}

export async function startPrebuildServer(): Promise<PrebuildServer> {
  const files = new Map<string, Uint8Array>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const content = files.get(request.url ?? '')
    const status = running.status ?? (content ? 200 : 404)
    response.writeHead(status).end(status === 200 ? content : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const running: PrebuildServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    files,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return running
}

/** A `.tar.gz` of one file (POSIX ustar). */
export function archiveOf(path: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(512)
  const field = (text: string, at: number) => header.write(text, at, 'latin1')
  field(path, 0)
  field('0000755\0', 100)
  field('0000000\0', 108)
  field('0000000\0', 116)
  field(`${content.byteLength.toString(8).padStart(11, '0')}\0`, 124)
  field('00000000000\0', 136)
  field('        ', 148)
  field('0', 156)
  field('ustar\0', 257)
  field('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  field(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.byteLength % 512)) % 512)
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(1024)]))
}
