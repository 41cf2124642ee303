/** What runs images, from flags and configuration. */
import { CodedError } from '../../base/index.ts'
import { type RunnerName, runnerNames } from '../../smoke/index.ts'

/** `crun` for all, `linux/arm64=ssh://user@host` for one platform; flags over file. Throws `CodedError` `INVALID_FLAG`. */
export function runnersOf(
  list: readonly string[],
  configured: Readonly<Record<string, string>> = {},
): { wanted: 'auto' | RunnerName; places: Record<string, string> } {
  const places = { ...configured }
  let wanted: 'auto' | RunnerName = 'auto'
  for (const item of list) {
    const [platform = '', place] = item.split(/=(.*)/s)
    if (place) places[platform] = place
    else if (isRunnerName(item)) wanted = item
    else {
      throw new CodedError('INVALID_FLAG', `--runner ${item}: this is no runner`, {
        kind: 'usage',
        hint: `write auto, ${runnerNames.join(', ')}, or PLATFORM=ADDRESS, such as linux/arm64=ssh://builder@arm.example`,
      })
    }
  }
  return { wanted, places }
}

function isRunnerName(text: string): text is 'auto' | RunnerName {
  return text === 'auto' || (runnerNames as readonly string[]).includes(text)
}
