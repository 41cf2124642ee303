/** Makes a repair, step by step. */
import { readFile, writeFile } from 'node:fs/promises'
import { type CancelOptions, messageOf } from '../../base/index.ts'
import { handlerFor, readBinfmt } from '../../binfmt/index.ts'
import { DoctorError } from '../doctor-error.ts'
import { runProgram } from '../run-program.ts'
import { type Repair, type RepairStep, stepText } from './repair.ts'

const handlers = '/proc/sys/fs/binfmt_misc'

export interface RepairOptions extends CancelOptions {
  env: Readonly<Record<string, string | undefined>>
}

/** Throws `DoctorError` `REPAIR_FAILED`; what a failed repair began is undone where that is known. */
export async function makeRepair({ title, steps }: Repair, options: RepairOptions): Promise<void> {
  const undo = steps.find((step) => step.kind === 'undo')
  try {
    for (const step of steps) if (step.kind !== 'undo') await makeStep(title, step, options)
  } catch (error) {
    if (undo) await runStep(undo.command, { ...options, signal: new AbortController().signal })
    throw error
  }
}

async function makeStep(
  title: string,
  step: Exclude<RepairStep, { kind: 'undo' }>,
  options: RepairOptions,
): Promise<void> {
  if (step.kind === 'register') return register(title, step)
  const { exitCode, stdout, stderr } = await runStep(step.command, options)
  if (exitCode === 0) return
  const said = `${stderr}\n${stdout}`.trim().split('\n').slice(-8)
  throw failed(title, step, said.join('\n') || `exit code ${exitCode}`)
}

function runStep([program = '', ...args]: readonly string[], { env, signal }: RepairOptions) {
  return runProgram(program, args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, signal })
}

/** Installing the package may have registered it; a handler that is there but wrong is replaced. */
async function register(title: string, step: Extract<RepairStep, { kind: 'register' }>): Promise<void> {
  const { architecture, handler } = step
  const there = handlerFor(await readBinfmt(), architecture)
  try {
    await writeFile(`${handlers}/status`, '1')
    if (there?.flags.includes('F')) return await writeFile(`${handlers}/${there.name}`, '1')
    if (there) await writeFile(`${handlers}/${there.name}`, '-1')
    await writeFile(`${handlers}/register`, await readFile(`/usr/lib/binfmt.d/${handler}.conf`))
  } catch (error) {
    throw failed(title, step, messageOf(error))
  }
}

function failed(title: string, step: RepairStep, said: string): DoctorError {
  return new DoctorError('REPAIR_FAILED', `could not ${title}: ${stepText(step)}`, {
    kind: 'environment',
    hint: said
      .split('\n')
      .map((line) => `| ${line}`)
      .join('\n'),
    details: { step: stepText(step) },
  })
}
