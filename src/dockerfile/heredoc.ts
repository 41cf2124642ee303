/** Here-documents: which ones a line announces. https://docs.docker.com/reference/dockerfile/#here-documents */
import { expand } from './expand.ts'

export interface HeredocStart {
  name: string
  expand: boolean
  stripTabs: boolean
}

const nothingSet = () => undefined

/** The here-documents that an instruction's line announces, in order. A line with unbalanced quotes announces none. */
export function heredocStarts(line: string): HeredocStart[] {
  if (!line.includes('<<')) return []
  return wordsOf(line, true).flatMap((word) => {
    const match = /^\d*<<(-?)([^<]+)$/u.exec(word)
    const start = match && startOf(match[2] as string, match[1] === '-')
    return start ? [start] : []
  })
}

function startOf(name: string, stripTabs: boolean): HeredocStart | undefined {
  const [plain, ...more] = wordsOf(name, false)
  const [raw] = wordsOf(name, true)
  if (plain === undefined || more.length > 0) return undefined
  // When removing quotes changes the name, it was quoted: the content is taken literally.
  return { name: plain, expand: plain === raw, stripTabs }
}

function wordsOf(text: string, raw: boolean): string[] {
  try {
    return expand(text, nothingSet, { raw }).words
  } catch {
    return []
  }
}
