/** The work of `everyarch plan`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes, silent } from '../../base/index.ts'
import { plan as runPlan, sourceDateEpoch } from '../../pipeline/index.ts'
import { findingsText, planText } from '../../report/index.ts'
import type { PlanFlags } from '../commands/plan.ts'
import type { CommandContext } from '../context.ts'
import { commandTools } from '../tools.ts'
import { commandProject } from './command-project.ts'
import { planDockerfile } from '../optimize/plan-dockerfile.ts'

export async function plan(path: string, flags: PlanFlags, context: CommandContext): Promise<number> {
  const { signal, stdout } = context
  if (plansDockerfile(path, flags, context)) return planDockerfile(path, flags, context)
  const project = await commandProject(path, flags, context)
  const tools = await commandTools(project, flags, silent, context)
  try {
    const report = await runPlan({ project, mtime: sourceDateEpoch(context.env) }, tools, { signal })
    if (flags.json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    else {
      stdout.write(planText(report, { colour: stdout.colour }))
      if (report.findings.length > 0) stdout.write(findingsText(report.findings, { colour: stdout.colour }))
    }
    return exitCodes.ok
  } finally {
    await tools.close()
  }
}

/** A Dockerfile that was named, or that lies there and is not left aside on purpose. */
function plansDockerfile(path: string, { dockerfile, engine }: PlanFlags, { cwd }: CommandContext): boolean {
  if (dockerfile !== undefined || engine === 'direct') return dockerfile !== undefined
  return existsSync(resolve(cwd, path, 'Dockerfile'))
}
