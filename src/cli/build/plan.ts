/** The work of `everyarch plan`. */
import { exitCodes, silent } from '../../base/index.ts'
import { plan as runPlan, sourceDateEpoch } from '../../pipeline/index.ts'
import { findingsText, planText } from '../../report/index.ts'
import type { ImageFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { commandTools } from '../tools.ts'
import { commandProject } from './command-project.ts'

export async function plan(path: string, flags: ImageFlags, context: CommandContext): Promise<number> {
  const { signal, stdout } = context
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
