/** What was made of a Dockerfile: the new text, and the reason for everything that was changed or left. */
import type { SourceRange } from '../base/index.ts'

export type RewriteRule =
  /** a stage whose output has no binaries runs on the builder's own platform */
  | 'native-stage'
  /** dependencies are installed for the image's platform by the builder's own */
  | 'cross-install'
  /** install scripts run for the packages that need them, not for all */
  | 'scoped-rebuild'
  /** distribution packages are fetched and unpacked by the builder's own platform */
  | 'native-packages'

export interface Change {
  readonly rule: RewriteRule
  /** what happens instead, in a few words */
  readonly what: string
  /** the step of the original file that it is about */
  readonly source: SourceRange
  /** why the image stays the same */
  readonly why: string
}

/** A step that stays where it is, under emulation where the builder is of another architecture. */
export interface Kept {
  readonly source: SourceRange
  readonly why: string
}

export interface OptimizedDockerfile {
  readonly text: string
  /** by position; empty when the text is the one that was given */
  readonly changes: readonly Change[]
  readonly kept: readonly Kept[]
}
