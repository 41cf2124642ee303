/** `--progress=rawjson`: BuildKit's own status messages, one JSON document a line. */
import type { SolveEvent, SolveReader } from './solve-event.ts'

interface Vertex {
  digest: string
  name: string
  started?: string
  completed?: string
  cached?: boolean
  error?: string
}

interface VertexStatus {
  id: string
  vertex: string
  current?: number
  total?: number
}

interface VertexLog {
  vertex: string
  stream?: number
  data?: string
}

interface VertexWarning {
  short?: string
  url?: string
  range?: { start?: { line?: number } }[] | null
}

/** A program's output comes in pieces that end anywhere: the rest of a line waits for its end. */
export function rawjsonReader(): SolveReader {
  const rests = new Map<string, string>()
  return (line) => {
    const message = parse(line)
    if (!message) return undefined
    return [
      ...list<Vertex>(message.vertexes).flatMap((vertex) => [...ending(vertex, rests), step(vertex)]),
      ...list<VertexStatus>(message.statuses).map(transfer),
      ...list<VertexLog>(message.logs).flatMap((log) => lines(log, rests)),
      ...list<VertexWarning>(message.warnings).map(notice),
    ]
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function list<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : []
}

function step({ digest, name, started, completed, cached, error }: Vertex): SolveEvent {
  const canceled = error !== undefined && /context canceled/.test(error)
  return {
    type: 'step',
    id: digest,
    name,
    started: started !== undefined,
    completed: completed !== undefined,
    cached: cached ?? false,
    canceled,
    ...(error !== undefined && error !== '' && !canceled ? { error } : {}),
  }
}

function transfer({ id, vertex, current = 0, total }: VertexStatus): SolveEvent {
  return { type: 'transfer', id: vertex, part: id, done: current, ...(total ? { total } : {}) }
}

function lines({ vertex, stream, data = '' }: VertexLog, rests: Map<string, string>): SolveEvent[] {
  const name = stream === 2 ? 'stderr' : 'stdout'
  const key = `${name} ${vertex}`
  const parts = ((rests.get(key) ?? '') + Buffer.from(data, 'base64').toString('utf8')).split('\n')
  rests.set(key, parts.pop() ?? '')
  return parts.map((line) => ({ type: 'log', id: vertex, stream: name, line: line.replace(/\r$/, '') }))
}

/** Output without a newline at its end is shown when its step ends. */
function ending({ digest, completed }: Vertex, rests: Map<string, string>): SolveEvent[] {
  if (completed === undefined) return []
  return (['stdout', 'stderr'] as const).flatMap((stream): SolveEvent[] => {
    const rest = rests.get(`${stream} ${digest}`)
    rests.delete(`${stream} ${digest}`)
    return rest ? [{ type: 'log', id: digest, stream, line: rest }] : []
  })
}

function notice({ short = '', url, range }: VertexWarning): SolveEvent {
  const line = range?.[0]?.start?.line
  return {
    type: 'notice',
    text: Buffer.from(short, 'base64').toString('utf8'),
    ...(url ? { url } : {}),
    ...(line ? { line } : {}),
  }
}
