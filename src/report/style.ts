/** Colour carries meaning and nothing else; without colour the text says the same. */
export interface Styles {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

const plain: Styles = Object.fromEntries(
  Object.keys(codes).map((name) => [name, (text: string) => text]),
) as unknown as Styles
const coloured: Styles = Object.fromEntries(
  Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => `\u001b[${on}m${text}\u001b[${off}m`,
  ]),
) as unknown as Styles

export function styles(colour: boolean): Styles {
  return colour ? coloured : plain
}
