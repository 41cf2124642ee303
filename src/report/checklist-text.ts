/** `everyarch check --deploy` for people: a line for each point, its evidence below, and what to do. */
import type { ChecklistLine, LineState } from '../checks/index.ts'
import { count } from './quantity.ts'
import { styles } from './style.ts'

export interface ChecklistTextOptions {
  image: string
  digest: string
  colour: boolean
}

export function checklistText(
  lines: readonly ChecklistLine[],
  { image, digest, colour }: ChecklistTextOptions,
): string {
  const style = styles(colour)
  const paint: Record<LineState, (text: string) => string> = {
    done: style.green,
    'not done': style.red,
    unknown: style.yellow,
  }
  const width = 'not done'.length
  const blocks = lines.flatMap(({ state, title, evidence, hint }) => [
    `${paint[state](state.padEnd(width))}  ${style.bold(title)}`,
    ...evidence.map((text) => `${' '.repeat(width)}  ${text}`),
    ...(hint ? [`${' '.repeat(width)}  → ${hint}`] : []),
  ])
  return `${[`${image}  ${digest}`, ...blocks, verdict(lines)].join('\n')}\n`
}

function verdict(lines: readonly ChecklistLine[]): string {
  const number = (state: LineState) => lines.filter((line) => line.state === state).length
  const open = [
    ...(number('not done') > 0 ? [`${number('not done')} not done`] : []),
    ...(number('unknown') > 0 ? [`${number('unknown')} unknown`] : []),
  ]
  return `${number('done')} of ${count(lines.length, 'point')} done${open.length > 0 ? `, ${open.join(', ')}` : ''}`
}
