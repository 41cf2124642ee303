import { type CancelOptions, InternalError } from '../../base/index.ts'

/** Decides which paths of a build context are left out, exactly as BuildKit does. Paths are relative, with `/`. */
export interface IgnoreRules {
  ignores(path: string): boolean
  /** Whether nothing at or below this ignored folder can be taken in again, so that it need not be walked. */
  canSkip(folder: string): boolean
}

/** Parses the text of a .dockerignore file. Throws `ProjectError` `IGNORE_FILE_INVALID` for a pattern BuildKit refuses. */
export function parseIgnoreRules(text: string, file = '.dockerignore'): IgnoreRules {
  throw new InternalError(`not written yet ${text} ${file}`)
}

/** The rules of `<root>/.dockerignore`, or rules that ignore nothing. */
export async function readIgnoreRules(root: string, options: CancelOptions): Promise<IgnoreRules> {
  throw new InternalError(`not written yet ${root} ${options.signal.aborted}`)
}
