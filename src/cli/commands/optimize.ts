/** `everyarch optimize`: the same image from the same Dockerfile, without needless emulation. */
import { Option } from 'commander'
import { collect, commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { resultOptions } from './build.ts'

export interface OptimizeFlags {
  dockerfile?: string
  diff?: boolean
  write?: boolean
  level: 'code' | 'packages'
  platform?: string[]
  target?: string
  buildArg?: string[]
  config?: string
  json?: boolean
  debug?: boolean
}

export const registerOptimize: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('optimize')
    .description('rewrite a Dockerfile so that nothing that is the same on every CPU is emulated')
    .argument('[path]', 'folder of the project: the build context', '.')
    .option('-f, --dockerfile <file>', 'the Dockerfile (default: PATH/Dockerfile)')
    .addOption(new Option('--diff', 'print the changes as a patch').conflicts('write'))
    .option('--write', 'write the file')
    .addOption(
      new Option('--level <level>', 'packages also fetches simple distribution packages natively')
        .choices(['code', 'packages'])
        .default('code'),
    )
    .option(
      '--platform <list>',
      'platforms of the image, comma-separated (default: the configuration’s)',
      commaList,
    )
    .option('--target <stage>', 'the stage that becomes the image (default: the last)')
    .option('--build-arg <name=value>', 'argument of the build; repeatable', collect)
    .option(
      '--config <file>',
      'configuration file (default: everyarch.config.json, or the everyarch key of package.json)',
    )
  resultOptions(command)
    .addHelpText(
      'after',
      `
Each change is justified, and what cannot be shown to be safe is left alone and said. To prove the result, build both files and
compare the images: everyarch compare A B.

Examples:
  everyarch optimize --diff
  everyarch optimize services/api --write
  everyarch optimize -f docker/Dockerfile --level packages --json

Exit codes: 0 done, changed or not · 2 usage or a Dockerfile that does not parse · 3 machine · 130 interrupted`,
    )
    .action(async (path: string, flags: OptimizeFlags) => {
      const { optimize } = await import('../optimize/optimize.ts')
      finish(await runCommand(context, flags, () => optimize(path, flags, context)))
    })
}
