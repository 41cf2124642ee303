/** Which files of a package make up its app layer. */

/** Which rule decides what goes into the image; known before the build as far as it can be. */
export interface OutputSelection {
  by: 'include' | 'files' | 'next-standalone' | 'detected' | 'context'
  /** one line for `everyarch plan`: `"files" of package.json: dist, public` */
  reason: string
  /** what the rule selects, for people: globs or folders */
  selects: readonly string[]
}

/** A folder of the package, and which of its files go where. */
export interface OutputPart {
  /** relative to the package; `''` for the package itself */
  from: string
  /** where it goes, relative to the package in the image */
  to: string
  /** of the paths below `from`; all when absent */
  takes?: (path: string) => boolean
  /** a build output that is complete in itself brings its own node_modules */
  withNodeModules?: boolean
}

export interface OutputRule extends OutputSelection {
  parts: readonly OutputPart[]
  /** a secret that the project names by itself goes in; see `secret-files.ts` */
  names?: (path: string) => boolean
  /** after all files were seen: patterns that matched nothing */
  unused?: () => string[]
}

/** Everything in the package's folder. */
export function contextRule(reason: string): OutputRule {
  return { by: 'context', reason, selects: ['.'], parts: [{ from: '', to: '' }] }
}
