/**
 * Progress is one typed event stream. Rooms emit, renderers subscribe: terminal, plain lines, JSON lines, GitHub groups.
 * A room never prints.
 */

/** The stations of the road, in order; they are the first column of what a person sees. */
export type Station = 'base' | 'deps' | 'build' | 'layers' | 'verify' | 'smoke' | 'push'

export type ProgressEvent =
  /** a decision worth a line, such as which engine and why */
  | { type: 'decision'; topic: string; text: string }
  /** work began; `total` when known, in `unit` */
  | {
      type: 'start'
      id: string
      station: Station
      text: string
      platform?: string
      total?: number
      unit?: 'bytes' | 'items'
    }
  /** work went on: `done` is absolute, in the unit of the start event */
  | { type: 'advance'; id: string; done: number; total?: number }
  /** work ended well; `text` replaces the start's text */
  | { type: 'end'; id: string; text: string; cached?: boolean }
  /** output of a program that we run for the user, such as the build script */
  | { type: 'output'; id: string; stream: 'stdout' | 'stderr'; line: string }
  /** something the user should know although the work goes on */
  | { type: 'warning'; text: string; hint?: string; platform?: string }

export type Progress = (event: ProgressEvent) => void

/** For callers that do not listen. */
export const silent: Progress = () => {}
