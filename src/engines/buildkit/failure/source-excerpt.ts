/** The place in the Dockerfile that BuildKit shows with a failure. */
export interface SourcePlace {
  line: number
  /** the lines that it marks, without its decoration */
  marked: string[]
}

/** Looks for `Dockerfile:3`, a rule, numbered lines with `>>>` before the marked ones, a rule. */
export function findSourcePlace(lines: readonly string[]): SourcePlace | undefined {
  for (let index = lines.length - 1; index > 0; index--) {
    const line = /^\S.*:(\d+)$/.exec(lines[index - 1] ?? '')?.[1]
    if (line === undefined || !/^-{5,}$/.test(lines[index] ?? '')) continue
    const end = lines.findIndex((text, at) => at > index && /^-{5,}$/.test(text))
    const block = lines.slice(index + 1, end === -1 ? undefined : end)
    const marked = block.flatMap((text) => /^\s*\d+ \| >>> (.*)$/.exec(text)?.[1] ?? [])
    return { line: Number(line), marked }
  }
  return undefined
}
