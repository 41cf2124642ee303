import { type CancelOptions, InternalError } from '../base/index.ts'

/** What version control says about the sources; each fact is absent when nobody knows it. */
export interface GitFacts {
  /** full commit id */
  revision?: string
  /** https address of the repository, without credentials */
  source?: string
  branch?: string
  tag?: string
  /** true when files under version control differ from the commit */
  dirty?: boolean
}

export interface GitFactsOptions extends CancelOptions {
  /** CI's variables are the fallback where git is missing or the checkout has no history */
  env: Readonly<Record<string, string | undefined>>
}

/** Asks the `git` program, for at most two seconds; a missing program or an unsafe folder means absent facts. */
export async function readGitFacts(root: string, options: GitFactsOptions): Promise<GitFacts> {
  throw new InternalError(`not written yet ${root} ${options.signal.aborted}`)
}
