/** What BuildKit tells of a build under way, whichever form buildx gives it in. */
export type SolveEvent =
  /** a step came up, began, or ended; fields that are absent are not known yet */
  | {
      type: 'step'
      id: string
      name: string
      started?: boolean
      completed?: boolean
      cached?: boolean
      canceled?: boolean
      error?: string
    }
  /** bytes of one part of a step's transfer: a layer, the build context */
  | { type: 'transfer'; id: string; part: string; done: number; total?: number }
  /** a line that a program of a step printed */
  | { type: 'log'; id: string; stream: 'stdout' | 'stderr'; line: string }
  /** something that the Dockerfile frontend thinks of the file */
  | { type: 'notice'; text: string; url?: string; line?: number }

/** Reads buildx's progress line by line; what is no progress (its complaints) gives undefined. */
export type SolveReader = (line: string) => SolveEvent[] | undefined
