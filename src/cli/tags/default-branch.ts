import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** The repository's default branch: what the CI service says, what a clone remembers of its origin, else main. */
export function readDefaultBranch(folder: string, env: Environment): string {
  return (
    fromGithub(env) ??
    env.CI_DEFAULT_BRANCH ??
    env.BUILDKITE_PIPELINE_DEFAULT_BRANCH ??
    fromClone(folder) ??
    'main'
  )
}

/** GitHub says it in the event that started the run. */
function fromGithub({ GITHUB_EVENT_PATH: path }: Environment): string | undefined {
  if (!path || !existsSync(path)) return undefined
  try {
    const event = JSON.parse(readFileSync(path, 'utf8')) as {
      repository?: { default_branch?: unknown }
    } | null
    const branch = event?.repository?.default_branch
    return typeof branch === 'string' ? branch : undefined
  } catch {
    return undefined
  }
}

function fromClone(folder: string): string | undefined {
  const head = join(folder, '.git/refs/remotes/origin/HEAD')
  if (!existsSync(head)) return undefined
  return /^ref: refs\/remotes\/origin\/(\S+)/u.exec(readFileSync(head, 'utf8'))?.[1]
}
