/** The runner's cache service (its second version) on loopback: entries by key, contents in blobs that are uploaded in blocks. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CacheService {
  /** what the runner tells an action of it */
  readonly env: NodeJS.ProcessEnv
  /** keys of the entries that are complete */
  readonly keys: () => string[]
  stop(): Promise<void>
}

interface Entry {
  key: string
  version: string
  blob: string
  complete: boolean
}

const token = 'a-token-of-the-runner'

export async function startCacheService(): Promise<CacheService> {
  const entries: Entry[] = []
  const blobs = new Map<string, Buffer>()
  const blocks = new Map<string, Buffer>()
  let base = ''

  const methods: Record<string, (body: Record<string, unknown>) => unknown> = {
    CreateCacheEntry({ key, version }) {
      if (entries.some((entry) => entry.key === key && entry.version === version)) return { ok: false }
      const entry = {
        key: String(key),
        version: String(version),
        blob: String(entries.length),
        complete: false,
      }
      entries.push(entry)
      return { ok: true, signed_upload_url: `${base}blob/${entry.blob}?sig=x` }
    },
    FinalizeCacheEntryUpload({ key, version }) {
      const entry = entries.find((candidate) => candidate.key === key && candidate.version === version)
      if (!entry || !blobs.has(entry.blob)) return { ok: false }
      entry.complete = true
      return { ok: true, entry_id: entry.blob }
    },
    GetCacheEntryDownloadURL({ key, restore_keys: prefixes, version }) {
      const usable = entries.filter((entry) => entry.complete && entry.version === version).reverse()
      const found =
        usable.find((entry) => entry.key === key) ??
        usable.find((entry) => (prefixes as string[]).some((prefix) => entry.key.startsWith(prefix)))
      if (!found) return { ok: false }
      return { ok: true, signed_download_url: `${base}blob/${found.blob}?sig=x`, matched_key: found.key }
    },
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', base)
    const blob = url.pathname.replace(/^.*\/blob\//u, '')
    const method = methods[/CacheService\/(\w+)$/u.exec(url.pathname)?.[1] ?? '']
    if (method) {
      if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end()
      const result = method(JSON.parse(body.toString()) as Record<string, unknown>)
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
    }
    if (request.method === 'PUT') {
      const block = url.searchParams.get('blockid')
      if (block) blocks.set(`${blob} ${block}`, body)
      else if (url.searchParams.get('comp') === 'blocklist') {
        const ids = [...body.toString().matchAll(/<Latest>([^<]+)</gu)].map((match) => match[1] as string)
        blobs.set(blob, Buffer.concat(ids.map((id) => blocks.get(`${blob} ${id}`) as Buffer)))
      } else blobs.set(blob, body)
      return response.writeHead(201).end()
    }
    const content = blobs.get(blob)
    if (!content) return response.writeHead(404).end()
    const headers = {
      'content-type': 'application/octet-stream',
      etag: `"${blob}"`,
      'accept-ranges': 'bytes',
    }
    const range = /^bytes=(\d+)-(\d*)$/u.exec(
      String(request.headers.range ?? request.headers['x-ms-range'] ?? ''),
    )
    const start = range ? Number(range[1]) : 0
    const end = range?.[2] ? Math.min(Number(range[2]), content.length - 1) : content.length - 1
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${content.length}` } : {}),
    })
    return response.end(request.method === 'HEAD' ? undefined : content.subarray(start, end + 1))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    env: {
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: base,
      ACTIONS_RUNTIME_TOKEN: token,
    },
    keys: () => entries.filter(({ complete }) => complete).map(({ key }) => key),
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped())
        server.closeAllConnections()
      }),
  }
}
