/** `everyarch check`: what in the project's files will break on another architecture. */
import { InvalidArgumentError, Option } from 'commander'
import { commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'

export interface CheckFlags {
  fix?: boolean
  format: 'text' | 'json' | 'sarif' | 'github'
  json?: boolean
  platform?: string[]
  maxWarnings?: number
  baseline?: string
  writeBaseline?: boolean
  online?: boolean
  deploy?: string
  config?: string
  debug?: boolean
}

function wholeNumber(text: string): number {
  if (!/^\d+$/u.test(text)) throw new InvalidArgumentError('give a whole number')
  return Number(text)
}

export const registerCheck: RegisterCommand = (program, context, finish) => {
  program
    .command('check')
    .description('find what in Dockerfile, workflow, lockfile and manifests breaks on another architecture')
    .argument('[path]', 'folder of the project, or one file', '.')
    .option('--fix', 'apply every fix that is safe; nothing else in the files changes')
    .addOption(
      new Option('--format <format>', 'how findings are written')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--platform <list>', 'platforms of the project, when no build names them', commaList)
    .option('--max-warnings <number>', 'fail when there are more warnings', wholeNumber)
    .option('--baseline <file>', 'findings to ignore (default: .everyarch-baseline.json, when it exists)')
    .option('--online', 'ask registries which platforms the base images have')
    .option(
      '--deploy <image>',
      'the checklist before a deploy of this image: each point done, not done or unknown, with evidence',
    )
    .option('--write-baseline', 'write the findings of now to the baseline file, so that only new ones count')
    .option(
      '--config <file>',
      'configuration file (default: everyarch.config.json, or the everyarch key of package.json)',
    )
    .option('--debug', 'show the causes of a failure')
    .addHelpText(
      'after',
      `
Exit code 1 when there are errors, more warnings than --max-warnings, or a point of the checklist is not done.
Ignore a finding with a comment before it: # everyarch-ignore RULE REASON

Examples:
  everyarch check
  everyarch check --fix services/shop
  everyarch check --format sarif > check.sarif
  everyarch check --deploy ghcr.io/acme/shop:1.4.0`,
    )
    .action(async (path: string, flags: CheckFlags) => {
      const { check } = await import('../check/check.ts')
      finish(await runCommand(context, flags, () => check(path, flags, context)))
    })
}
