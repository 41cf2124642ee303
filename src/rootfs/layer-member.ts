/** A member of a layer, as far as laying layers over one another needs it. */
import type { EntryType, PathProblem } from '../tar/index.ts'

/** Members are many, so they are kept as tuples. */
export type LayerMember<Content> = [
  path: string,
  type: EntryType,
  mode: number,
  size: number,
  more?: MemberDetails<Content>,
]

export interface MemberDetails<Content> {
  /** target of a symbolic or hard link */
  link?: string
  problems?: readonly PathProblem[]
  /** what the reader of the layer keeps of the member */
  content?: Content
}
