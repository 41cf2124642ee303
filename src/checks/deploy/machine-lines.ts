/** Without a pipeline the image is built on this machine: what it says of itself. */
import { type ChecklistLine, judged, type LineState, type Verdict } from './checklist-line.ts'
import { noPipeline } from './pipeline-lines.ts'

export interface MachineFacts {
  /** for each platform how programs of it run here */
  readonly runs: ReadonlyMap<string, 'native' | 'emulated' | 'impossible'>
  /** what `everyarch doctor` says of emulators and builder */
  readonly health: readonly MachineHealth[]
}

export interface MachineHealth {
  readonly about: 'emulator' | 'builder'
  readonly platform?: string
  readonly verdict: 'ok' | 'warning' | 'error'
  readonly text: string
  readonly meaning?: string
}

export function machineLine(platforms: readonly string[], { runs, health }: MachineFacts): ChecklistLine {
  const verdicts = platforms.map((platform): Verdict => {
    const how = runs.get(platform)
    const emulator = health.find((one) => one.about === 'emulator' && one.platform === platform)
    if (how === 'native') return { state: 'done', evidence: `this machine, ${platform}: native` }
    if (emulator) {
      const state = how === 'impossible' ? 'not done' : states[emulator.verdict]
      return { state, evidence: `this machine, ${healthText(emulator)}` }
    }
    if (how === undefined) return { state: 'unknown', evidence: `this machine, ${platform}: not looked at` }
    return how === 'emulated'
      ? { state: 'done', evidence: `this machine, ${platform}: a QEMU handler is registered` }
      : { state: 'not done', evidence: `this machine, ${platform}: no QEMU handler` }
  })
  return judged('emulators', verdicts, {
    none: 'no platform is asked for',
    hint: 'everyarch doctor says what is missing, everyarch setup repairs it; or build on a machine of that platform',
  })
}

export function machineBuilderLine({ health }: MachineFacts, needsBuilder: boolean): ChecklistLine {
  const verdicts = needsBuilder
    ? health
        .filter(({ about }) => about === 'builder')
        .map((one): Verdict => ({ state: states[one.verdict], evidence: `this machine: ${healthText(one)}` }))
    : [{ state: 'done' as const, evidence: 'without a Dockerfile everyarch needs no builder' }]
  return judged('builder', verdicts, {
    none: noPipeline,
    hint: 'everyarch doctor says what is missing, everyarch setup repairs it',
  })
}

/** What may go wrong is not known to go wrong. */
const states: Readonly<Record<MachineHealth['verdict'], LineState>> = {
  ok: 'done',
  warning: 'unknown',
  error: 'not done',
}

function healthText({ text, meaning, verdict }: MachineHealth): string {
  return verdict === 'ok' || meaning === undefined ? text : `${text}; ${meaning}`
}
