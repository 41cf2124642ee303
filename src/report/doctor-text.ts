/** What doctor found: one line for each thing, what it means, and the command that repairs it. */
import type { Diagnosis, RepairPlan } from '../doctor/index.ts'
import { stepText } from '../doctor/index.ts'
import { styles } from './style.ts'

export function doctorText(diagnoses: readonly Diagnosis[], { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const marks = { ok: style.green('✓'), warning: style.yellow('!'), error: style.red('✗') }
  const width = Math.max(...diagnoses.map(({ check }) => check.length)) + 2
  const lines = diagnoses.flatMap(({ check, verdict, text, meaning, repair }) => [
    `${marks[verdict]} ${check.padEnd(width)}${text}`,
    ...(meaning ? [`  ${' '.repeat(width)}${style.dim(meaning)}`] : []),
    ...(repair && verdict !== 'ok'
      ? repair.split('\n').map((line) => `  ${' '.repeat(width)}→ ${line}`)
      : []),
  ])
  return `${lines.join('\n')}\n${countText(diagnoses)}\n`
}

function countText(diagnoses: readonly Diagnosis[]): string {
  const count = (verdict: Diagnosis['verdict']) => diagnoses.filter((one) => one.verdict === verdict).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors + warnings === 0) return 'nothing is missing'
  const counted = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  return [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : '']
    .filter(Boolean)
    .join(', ')
}

/** What setup will do, or would. */
export function repairPlanText({ repairs, byHand }: RepairPlan, { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const lines = repairs.flatMap(({ title, steps }) => [
    style.bold(title),
    ...steps.filter(({ kind }) => kind !== 'undo').map((step) => `  $ ${stepText(step)}`),
  ])
  if (byHand.length > 0) lines.push(style.bold('by hand'))
  for (const { text, repair } of byHand) lines.push(`  ${text}`, ...(repair ? [`    → ${repair}`] : []))
  return lines.length === 0 ? 'nothing to repair\n' : `${lines.join('\n')}\n`
}
