/** `everyarch explain`: the page of a rule. */
import { exitCodes } from '../../base/index.ts'
import type { RegisterCommand } from '../program.ts'
import { type CommonOptions, runCommand } from '../run-command.ts'

export const registerExplain: RegisterCommand = (program, context, finish) => {
  program
    .command('explain')
    .description('explain a rule: why it matters, a bad and a good example, how to fix it')
    .argument('[rule]', 'a rule such as dockerfile/constant-platform; all rules without it')
    .option('--debug', 'show the causes of a failure')
    .addHelpText(
      'after',
      `
Examples:
  everyarch explain
  everyarch explain workflow/shared-cache-scope`,
    )
    .action(async (rule: string | undefined, flags: CommonOptions) => {
      const { rulePage, ruleSummaries } = await import('../../checks/index.ts')
      finish(
        await runCommand(context, flags, async () => {
          if (rule === undefined) {
            const all = await ruleSummaries()
            const width = Math.max(...all.map(({ id }) => id.length))
            for (const { id, summary } of all) context.stdout.write(`${id.padEnd(width)}  ${summary}\n`)
          } else context.stdout.write(await rulePage(rule))
          return exitCodes.ok
        }),
      )
    })
}
