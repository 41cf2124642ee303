/** `everyarch plan`: what a build would do, and why. */
import { collect } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { type ImageFlags, imageOptions, resultOptions } from './build.ts'

export interface PlanFlags extends ImageFlags {
  dockerfile?: string
  builder?: string
  target?: string
  buildArg?: string[]
}

export const registerPlan: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('plan')
    .description('show what each platform gets and why, without making anything')
    .argument('[path]', 'folder of the project', '.')
  imageOptions(command)
    .option(
      '-f, --dockerfile <file>',
      'plan a build of this Dockerfile (default: PATH/Dockerfile, when there is one)',
    )
    .option(
      '--builder <name>',
      'the buildx builder that is asked what it runs natively (default: the one that buildx uses, else this machine)',
    )
    .option('--target <stage>', 'the stage of the Dockerfile that becomes the image (default: the last)')
    .option('--build-arg <name=value>', 'argument of the Dockerfile; repeatable', collect)
  resultOptions(command)
    .addHelpText(
      'after',
      `
With a Dockerfile: which of its steps the builder would emulate for which platform, and what everyarch optimize would change.
--engine direct plans without it.

Examples:
  everyarch plan
  everyarch plan --dockerfile docker/Dockerfile --platform linux/arm64
  everyarch plan --platform linux/arm64 --json`,
    )
    .action(async (path: string, flags: PlanFlags) => {
      const { plan } = await import('../build/plan.ts')
      finish(await runCommand(context, flags, () => plan(path, flags, context)))
    })
}
