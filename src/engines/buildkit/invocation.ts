/** One run of buildx, watched: its progress read, its emulated steps looked after, its failure put into words. */
import type { Progress } from '../../base/index.ts'
import type { Platform } from '../../oci/index.ts'
import type { BuildLimits } from './build-request.ts'
import { BuildkitError } from './buildkit-error.ts'
import type { BuildxFeatures } from './buildx/buildx-features.ts'
import { type DockerCommand, runDocker } from './buildx/run-buildx.ts'
import { watchContext } from './context-size.ts'
import { buildFailure } from './failure/build-failure.ts'
import { plainReader } from './progress/plain.ts'
import { rawjsonReader } from './progress/rawjson.ts'
import { Timeline, type TimelineSettings } from './progress/timeline.ts'
import { watchEmulation } from './progress/watchdog.ts'

export interface Invocation {
  args: readonly string[]
  docker: DockerCommand
  features: BuildxFeatures
  /** for messages */
  file: string
  context: string
  platforms: readonly Platform[]
  limits: BuildLimits
  /** distinguishes progress of invocations that run side by side */
  prefix: string
  runsOn: TimelineSettings['runsOn']
  progress: Progress
  signal: AbortSignal
}

const defaultSilence = 15 * 60_000
const keptLines = 200

/** Resolves to the build's timeline. Throws `BuildkitError`, or the reason of an abort; nothing goes on in the builder then. */
export async function runInvocation(invocation: Invocation): Promise<Timeline> {
  const { args, docker, features, limits, prefix, runsOn, progress, signal } = invocation
  const now = () => performance.now()
  const timeline = new Timeline({ prefix, progress, now, runsOn })
  const read = features.rawjson ? rawjsonReader() : plainReader()
  const complaints: string[] = []
  const stopping = new AbortController()
  const stopWatching = watchEmulation(timeline, {
    limit: limits.silentEmulation ?? defaultSilence,
    progress,
    now,
    stop: (error) => stopping.abort(error),
  })
  const watched = watchContext(invocation)
  const onLine = (_: unknown, line: string) => {
    const events = read(line)
    if (!events) {
      complaints.push(line)
      if (complaints.length > keptLines) complaints.shift()
      return
    }
    for (const event of events) timeline.apply(event)
    watched(timeline)
  }
  const exitCode = await runDocker(docker, args, {
    signal: AbortSignal.any([signal, stopping.signal]),
    onLine,
  }).finally(stopWatching)
  for (const notice of timeline.notices) {
    const at = notice.line ? `${invocation.file}:${notice.line}: ` : ''
    progress({ type: 'warning', text: `${at}${notice.text}`, ...(notice.url ? { hint: notice.url } : {}) })
  }
  if (exitCode === 0) return timeline
  const { file, platforms } = invocation
  throw explained(buildFailure({ lines: complaints, step: timeline.failed, file, platforms }), timeline)
}

/** What a report would say of the steps is worth as much when the build fails. */
function explained(error: BuildkitError, timeline: Timeline): BuildkitError {
  error.details.steps = timeline.report()
  return error
}
