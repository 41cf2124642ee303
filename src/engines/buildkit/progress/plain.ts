/** `--progress=plain`, for buildx versions that know no JSON: `#4 [linux/arm64 deps 2/3] RUN npm ci`, `#4 DONE 1.2s`. */
import type { SolveEvent, SolveReader } from './solve-event.ts'

/**
 * Steps have numbers; the first line of each is its name. Steps take turns, and a step whose turn comes again repeats its
 * name. After the first line that belongs to no step, what follows is the summary of a failure.
 */
export function plainReader(): SolveReader {
  const names = new Map<string, string>()
  return (line) => {
    if (line.trim() === '') return []
    const [, id, text] = /^#(\d+) (.*)$/.exec(line) ?? []
    if (id === undefined || text === undefined) return undefined
    if (id === '0') return []
    const name = names.get(id)
    if (name === undefined) {
      names.set(id, text)
      return [{ type: 'step', id, name: text, started: true }]
    }
    return text === name || text === '...' ? [] : [detail(id, name, text)]
  }
}

function detail(id: string, name: string, text: string): SolveEvent {
  const step = { type: 'step', id, name, started: true, completed: true } as const
  if (text === 'CACHED') return { ...step, cached: true }
  if (text === 'CANCELED') return { ...step, canceled: true }
  if (/^DONE \d+(\.\d+)?s$/.test(text)) return step
  const error = /^ERROR: (.*)$/.exec(text)?.[1]
  if (error !== undefined) return { ...step, error }
  const logged = /^\d+\.\d+ (.*)$/.exec(text)?.[1]
  if (logged !== undefined) return { type: 'log', id, stream: 'stdout', line: logged }
  return transfer(id, text) ?? { type: 'transfer', id, part: text.split(' ')[0] ?? '', done: 0 }
}

/** `transferring context: 2.10MB 0.1s done`, `sha256:3f1c… 1.05MB / 4.20MB 0.2s` */
function transfer(id: string, text: string): SolveEvent | undefined {
  const [, part, done, total] =
    /^(.*?):? (\d+(?:\.\d+)?[kMGT]?B)(?: \/ (\d+(?:\.\d+)?[kMGT]?B))?(?: |$)/.exec(text) ?? []
  if (part === undefined || done === undefined) return undefined
  return { type: 'transfer', id, part, done: bytes(done), ...(total ? { total: bytes(total) } : {}) }
}

function bytes(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)([kMGT]?)B$/.exec(text) ?? []
  return Math.round(Number(number) * 1000 ** ['', 'k', 'M', 'G', 'T'].indexOf(unit))
}
