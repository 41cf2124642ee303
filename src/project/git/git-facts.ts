/** What version control says about the sources; each fact is absent when nobody knows it. */
export interface GitFacts {
  /** full commit id */
  revision?: string
  /** web address of the repository, without credentials */
  source?: string
  branch?: string
  tag?: string
  /** true when files under version control differ from the commit */
  dirty?: boolean
}
