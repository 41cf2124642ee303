/** A build context that is larger than it should be, noticed while it is sent: with what is large in it. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../../base/index.ts'
import type { BuildLimits } from './build-request.ts'
import type { Timeline } from './progress/timeline.ts'

const defaultLimit = 200_000_000

export interface WatchedContext {
  context: string
  limits: BuildLimits
  progress: Progress
}

/** Called after each piece of progress; warns once. */
export function watchContext({ context, limits, progress }: WatchedContext): (timeline: Timeline) => void {
  const limit = limits.contextWarning ?? defaultLimit
  let warned = false
  return (timeline) => {
    if (warned) return
    const sent = [...timeline.steps.values()]
      .filter(({ words }) => words.kind === 'context')
      .flatMap(({ transfers }) => [...transfers.values()])
      .reduce((sum, { done }) => sum + done, 0)
    if (sent < limit) return
    warned = true
    void largest(context).then((names) =>
      progress({
        type: 'warning',
        text: `the build context is larger than ${Math.round(limit / 1e6)} MB`,
        hint: `${names.length > 0 ? `largest: ${names.join(', ')}; ` : ''}name in .dockerignore what the image does not need`,
      }),
    )
  }
}

/** The largest entries directly in the context; folders count what is in them, bounded so that it stays cheap. */
async function largest(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes: { name: string; size: number }[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const size = entry.isDirectory() ? await sizeBelow(path) : await sizeOf(path)
    sizes.push({ name: entry.isDirectory() ? `${entry.name}/` : entry.name, size })
  }
  return sizes
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .map(({ name, size }) => `${name} (${Math.round(size / 1e6)} MB)`)
}

const maxEntries = 20_000

async function sizeBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  let sum = 0
  for (const entry of entries.slice(0, maxEntries)) {
    if (entry.isFile()) sum += await sizeOf(join(entry.parentPath, entry.name))
  }
  return sum
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}
