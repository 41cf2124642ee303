/** What version control says about the sources: from the `git` program, else from the variables of a CI service. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CancelOptions, reasonOf, throwIfAborted } from '../../base/index.ts'
import { ciFacts } from './ci-facts.ts'
import type { GitFacts } from './git-facts.ts'
import { webAddress } from './web-address.ts'

export interface GitFactsOptions extends CancelOptions {
  /** CI's variables are the fallback where git is missing or the checkout has no history */
  env: Readonly<Record<string, string | undefined>>
}

/** A repository that takes longer to tell its state is asked in vain. */
const patience = 2000

/**
 * Asks the `git` program, for at most two seconds. A missing program, a folder that is no repository or that git does not
 * trust (safe.directory), a repository without commits: all of these mean absent facts, never an error.
 */
export async function readGitFacts(root: string, options: GitFactsOptions): Promise<GitFacts> {
  if (!(await mayBeRepository(root, options))) return ciFacts(options.env)
  const git = (...args: string[]) => askGit(root, args, options)
  const [status, remote, tags] = await Promise.all([
    git('status', '--porcelain=v2', '--branch', '--untracked-files=no'),
    git('config', '--get', 'remote.origin.url'),
    git('tag', '--points-at', 'HEAD', '--sort=-version:refname'),
  ])
  const local = statusFacts(status ?? '')
  const ci = ciFacts(options.env)
  // A CI service speaks of the commit that it checked out; of any other commit it says nothing.
  const speaksOfThis = local.revision === undefined || local.revision === ci.revision
  const fallback = speaksOfThis ? ci : { source: ci.source }
  const source = webAddress(remote?.trim() ?? '') ?? ci.source
  const tag = tags?.split('\n')[0] || fallback.tag
  return {
    ...defined(fallback),
    ...defined(local),
    ...(source ? { source } : {}),
    ...(tag ? { tag } : {}),
  }
}

/** When HEAD was committed, in seconds since 1970; undefined where git does not know. Never an error, as above. */
export async function readCommitTime(root: string, options: GitFactsOptions): Promise<number | undefined> {
  if (!(await mayBeRepository(root, options))) return undefined
  const text = await askGit(root, ['show', '--no-patch', '--format=%ct', 'HEAD'], options)
  return text !== undefined && /^\d+$/m.test(text) ? Number(text) : undefined
}

/** Starting a program takes longer than looking; what looks like a repository may still be none. */
async function mayBeRepository(root: string, { env, signal }: GitFactsOptions): Promise<boolean> {
  throwIfAborted(signal)
  if (env.GIT_DIR) return true
  for (let folder = root; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true
    if (folder === dirname(folder)) return false
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function defined(facts: GitFacts): GitFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

/** git-status(1), porcelain format version 2: headers begin with `#`, every other line is a changed file. */
function statusFacts(status: string): GitFacts {
  const header = (name: string) => new RegExp(`^# branch\\.${name} (.+)$`, 'm').exec(status)?.[1]
  const revision = header('oid')
  if (revision === undefined || !/^[0-9a-f]{40,64}$/.test(revision)) return {}
  const head = header('head')
  const dirty = status.split('\n').some((line) => line !== '' && !line.startsWith('#'))
  return { revision, dirty, ...(head && head !== '(detached)' ? { branch: head } : {}) }
}

/** Standard output, or undefined when the program failed in any way. Rejects only when cancelled. */
function askGit(
  root: string,
  args: readonly string[],
  { env, signal }: GitFactsOptions,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(reasonOf(signal))
    const options = {
      cwd: root,
      signal,
      timeout: patience,
      maxBuffer: 16 * 1024 * 1024,
      // No lock is taken and nothing is asked: we only look.
      env: { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    }
    // A repository may name a program of its own as file system monitor; looking must not run it.
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
      if (signal.aborted) reject(reasonOf(signal))
      else resolve(error ? undefined : stdout)
    })
  })
}
