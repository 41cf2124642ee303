/** The work of `everyarch doctor`. */
import { exitCodes } from '../../base/index.ts'
import { diagnose, type Diagnosis } from '../../doctor/index.ts'
import { doctorText } from '../../report/index.ts'
import type { DoctorFlags } from '../commands/doctor.ts'
import type { CommandContext } from '../context.ts'
import { doctorSettings } from './settings.ts'

/** Resolves to the exit code: 1 when something is broken. */
export async function doctor(flags: DoctorFlags, context: CommandContext): Promise<number> {
  const settings = await doctorSettings(flags, context)
  try {
    const diagnoses = await diagnose(settings, { signal: context.signal })
    showDiagnoses(diagnoses, flags, context)
    return healthCode(diagnoses)
  } finally {
    await settings.stores.close()
  }
}

export function showDiagnoses(
  diagnoses: readonly Diagnosis[],
  { json }: DoctorFlags,
  { stdout }: CommandContext,
): void {
  stdout.write(
    json ? `${JSON.stringify({ diagnoses }, null, 2)}\n` : doctorText(diagnoses, { colour: stdout.colour }),
  )
}

export function healthCode(diagnoses: readonly Diagnosis[]): number {
  return diagnoses.some(({ verdict }) => verdict === 'error') ? exitCodes.gate : exitCodes.ok
}
