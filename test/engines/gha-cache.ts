/** GitHub's cache service, as far as BuildKit's `gha` cache needs it (the first version of its interface), on a loopback port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { EngineError } from './run.ts'

export interface GhaCache {
  /** what an action hands to the commands that it runs */
  readonly env: { readonly ACTIONS_CACHE_URL: string; readonly ACTIONS_RUNTIME_TOKEN: string }
  /** keys that were written to the end */
  keys(): string[]
  stop(): Promise<void>
}

interface Entry {
  key: string
  version: string
  content: Buffer
  sealed: boolean
}

const api = '/_apis/artifactcache'
const alreadyThere = { message: 'cache already exists', typeKey: 'ArtifactCacheItemAlreadyExistsException' }

/** Starts an empty one for the branch `main`. */
export async function startGhaCache(): Promise<GhaCache> {
  const entries: Entry[] = []
  const server = createServer((request, response) => {
    answer(request, response, entries).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new EngineError('no loopback port')
  return {
    env: { ACTIONS_CACHE_URL: `http://127.0.0.1:${address.port}/`, ACTIONS_RUNTIME_TOKEN: token() },
    keys: () => entries.filter(({ sealed }) => sealed).map(({ key }) => key),
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A token without a signature; BuildKit reads from it which branches may be read and written. */
function token(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const scopes = JSON.stringify([{ Scope: 'refs/heads/main', Permission: 3 }])
  const now = Math.floor(Date.now() / 1000)
  const claims = { ac: scopes, nbf: now - 60, exp: now + 86_400 }
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('none').toString('base64url')}`
}

async function answer(request: IncomingMessage, response: ServerResponse, entries: Entry[]): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const json = (value: object) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  const [, id] = /\/(\d+)$/.exec(url.pathname) ?? []
  const entry = id === undefined ? undefined : entries[Number(id) - 1]
  switch (`${request.method} ${url.pathname.replace(/\d+$/, '')}`) {
    case `GET ${api}/cache`: {
      const found = find(entries, url.searchParams)
      if (!found) return void response.writeHead(204).end()
      const archiveLocation = `${url.origin}/blobs/${entries.indexOf(found) + 1}`
      return void json({ cacheKey: found.key, scope: 'refs/heads/main', archiveLocation })
    }
    case `POST ${api}/caches`: {
      const { key, version } = JSON.parse((await buffer(request)).toString()) as Entry
      if (entries.some((each) => each.key === key && each.version === version))
        return void response.writeHead(409).end(JSON.stringify(alreadyThere))
      entries.push({ key, version, content: Buffer.alloc(0), sealed: false })
      return void json({ cacheId: entries.length })
    }
    case `PATCH ${api}/caches/`: {
      if (!entry) break
      const start = Number(/bytes (\d+)-/.exec(request.headers['content-range'] ?? '')?.[1] ?? 0)
      const part = await buffer(request)
      const size = Math.max(entry.content.byteLength, start + part.byteLength)
      entry.content = Buffer.concat([entry.content], size)
      part.copy(entry.content, start)
      return void response.writeHead(204).end()
    }
    case `POST ${api}/caches/`:
      if (!entry) break
      await buffer(request)
      entry.sealed = true
      return void response.writeHead(204).end()
    case 'GET /blobs/':
      if (entry) return sendRange(request, response, entry.content)
  }
  response.writeHead(404).end()
}

/** The exact key, else the newest that begins with one of the keys. */
function find(entries: readonly Entry[], query: URLSearchParams): Entry | undefined {
  const version = query.get('version')
  const usable = entries.filter((entry) => entry.sealed && entry.version === version)
  const keys = (query.get('keys') ?? '').split(',')
  return (
    usable.find(({ key }) => key === keys[0]) ??
    usable.findLast(({ key }) => keys.some((start) => key.startsWith(start)))
  )
}

function sendRange(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  if (from === undefined)
    return void response.writeHead(200, { 'content-length': content.byteLength }).end(content)
  const end = to ? Math.min(Number(to), content.byteLength - 1) : content.byteLength - 1
  response
    .writeHead(206, { 'content-range': `bytes ${from}-${end}/${content.byteLength}` })
    .end(content.subarray(Number(from), end + 1))
}
