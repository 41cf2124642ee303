/** The work of `everyarch setup`. */
import { createInterface } from 'node:readline/promises'
import { exitCodes } from '../../base/index.ts'
import {
  diagnose,
  DoctorError,
  makeRepair,
  planRepairs,
  type RepairPlan,
  repairFacts,
} from '../../doctor/index.ts'
import { repairPlanText } from '../../report/index.ts'
import type { SetupFlags } from '../commands/doctor.ts'
import type { CommandContext } from '../context.ts'
import { healthCode, showDiagnoses } from './doctor.ts'
import { doctorSettings } from './settings.ts'

/** Looks, asks, repairs, looks again; resolves to the exit code. Throws `DoctorError`. */
export async function setup(flags: SetupFlags, context: CommandContext): Promise<number> {
  const { signal, stderr } = context
  const settings = await doctorSettings(flags, context)
  try {
    const before = await diagnose(settings, { signal })
    const plan = planRepairs(before, await repairFacts(settings, { signal }))
    stderr.write(repairPlanText(plan, { colour: stderr.colour }))
    if (flags.dryRun || plan.repairs.length === 0) {
      if (flags.json) showDiagnoses(before, flags, context)
      return flags.dryRun ? exitCodes.ok : healthCode(before)
    }
    await confirm(plan, flags, context)
    for (const repair of plan.repairs) {
      stderr.write(`${repair.title} …\n`)
      await makeRepair(repair, { env: context.env, signal })
    }
    const after = await diagnose(settings, { signal })
    showDiagnoses(after, flags, context)
    return healthCode(after)
  } finally {
    await settings.stores.close()
  }
}

async function confirm(
  { repairs }: RepairPlan,
  { yes }: SetupFlags,
  { stderr, signal }: CommandContext,
): Promise<void> {
  if (yes) return
  if (stderr.interactive && process.stdin.isTTY) {
    const prompt = createInterface({ input: process.stdin, output: process.stderr })
    try {
      const answer = await prompt.question(
        `make ${repairs.length === 1 ? 'this repair' : 'these repairs'}? [y/N] `,
        { signal },
      )
      if (/^y(es)?$/i.test(answer.trim())) return
    } finally {
      prompt.close()
    }
  }
  throw new DoctorError('REPAIR_UNCONFIRMED', 'nothing was repaired', {
    kind: 'usage',
    hint: '--yes makes the repairs without asking; --dry-run only shows them',
  })
}
