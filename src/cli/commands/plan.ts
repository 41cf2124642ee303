/** `everyarch plan`: what a build would do, and why. */
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { type ImageFlags, imageOptions, resultOptions } from './build.ts'

export const registerPlan: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('plan')
    .description('show what each platform gets and why, without making anything')
    .argument('[path]', 'folder of the project', '.')
  resultOptions(imageOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  everyarch plan
  everyarch plan --platform linux/arm64 --json`,
    )
    .action(async (path: string, flags: ImageFlags) => {
      const { plan } = await import('../build/plan.ts')
      finish(await runCommand(context, flags, () => plan(path, flags, context)))
    })
}
