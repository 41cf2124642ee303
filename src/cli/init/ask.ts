/** Questions to the person at the terminal: a default that Enter takes, a check of each answer, and no more. */
import type { CommandContext } from '../context.ts'
import { messageOf } from '../../base/index.ts'

export interface Question<T> {
  text: string
  /** what Enter means, as it is shown */
  standard: string
  /** throws what is wrong with an answer; then it is asked again */
  read: (answer: string) => T
}

/** Asks until the answer is usable. The end of the input means the default. */
export async function ask<T>(
  { text, standard, read }: Question<T>,
  { ask: question, signal, stderr }: CommandContext,
): Promise<T> {
  for (;;) {
    const answer = (await question?.(`${text} [${standard}] `, { signal }))?.trim() || undefined
    try {
      return read(answer ?? standard)
    } catch (error) {
      // A default that is refused would be asked for ever.
      if (answer === undefined) throw error
      stderr.write(`  ${messageOf(error)}\n`)
    }
  }
}

/** One of a few words, or the beginning of one. */
export function oneOf<T extends string>(words: readonly T[]): (answer: string) => T {
  return (answer) => {
    const found = words.filter((word) => word.startsWith(answer.toLowerCase()))
    const exact =
      words.find((word) => word === answer.toLowerCase()) ?? (found.length === 1 ? found[0] : undefined)
    if (exact === undefined) throw new RangeError(`answer one of ${words.join(', ')}`)
    return exact
  }
}
