/** The work of `everyarch tags`. */
import { CodedError, exitCodes } from '../../base/index.ts'
import { parseReference } from '../../oci/index.ts'
import {
  ciFacts,
  commitLabels,
  type GitFacts,
  imageTags,
  readCommitTime,
  readGitFacts,
} from '../../project/index.ts'
import type { TagsFlags } from '../commands/tags.ts'
import type { CommandContext } from '../context.ts'
import { readDefaultBranch } from './default-branch.ts'

/** Prints the names; resolves to the exit code. Throws `OciError`, `INVALID_FLAG`, or `TAGS_UNKNOWN` outside of any commit. */
export async function tags(image: string, flags: TagsFlags, context: CommandContext): Promise<number> {
  const { cwd, env, signal, stdout } = context
  refuseTagged(image)
  const inCi = ciFacts(env)
  // What a CI service says it was started for counts: git may know further tags of the same commit.
  const facts = inCi.revision === undefined ? await readGitFacts(cwd, { env, signal }) : inCi
  const defaultBranch = flags.defaultBranch ?? readDefaultBranch(cwd, env)
  const found = imageTags(facts, { defaultBranch })
  const names = found.map((tag) => `${image}:${tag}`)
  if (names.length === 0) {
    throw new CodedError('TAGS_UNKNOWN', 'there is no commit to name an image by', {
      kind: 'usage',
      hint: 'run it in a git repository with a commit, or in a CI job; or give --tag yourself',
    })
  }
  const flagLine = (name: string, values: readonly string[]) =>
    stdout.write(`${values.map((value) => `--${name} ${value}`).join(' ')}\n`)
  const labels = () => readLabels(facts, found[0], context)
  if (flags.json) stdout.write(`${JSON.stringify({ tags: names, labels: await labels() }, null, 2)}\n`)
  else if (flags.format === 'flags') flagLine('tag', names)
  else if (flags.format === 'label-flags') flagLine('label', (await labels()).filter(isOneWord))
  else stdout.write(names.map((name) => `${name}\n`).join(''))
  return exitCodes.ok
}

async function readLabels(
  facts: GitFacts,
  version: string | undefined,
  { cwd, env, signal }: CommandContext,
): Promise<string[]> {
  const committed = await readCommitTime(cwd, { env, signal })
  return Object.entries(commitLabels(facts, { version, committed })).map(
    ([name, value]) => `${name}=${value}`,
  )
}

/** A shell takes flags apart at blanks and fills in patterns: what it would not leave alone is left out. */
function isOneWord(text: string): boolean {
  return /^[\w.:/@%+,=~-]+$/u.test(text)
}

function refuseTagged(image: string): void {
  const { digest } = parseReference(image)
  const last = image.slice(image.lastIndexOf('/') + 1)
  if (digest === undefined && !last.includes(':')) return
  throw new CodedError('INVALID_FLAG', `${image} has a tag or digest already`, {
    kind: 'usage',
    hint: 'give the image alone, such as ghcr.io/acme/shop',
  })
}
