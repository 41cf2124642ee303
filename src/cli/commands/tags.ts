/** `everyarch tags`: the names and labels that the image of this commit gets. */
import { Option } from 'commander'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { resultOptions } from './build.ts'

export interface TagsFlags {
  format: 'lines' | 'flags' | 'label-flags'
  defaultBranch?: string
  json?: boolean
  debug?: boolean
}

export const registerTags: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('tags')
    .description('print the tags of this commit for an image: version, branch, commit, latest')
    .argument('<image>', 'the image without a tag, such as ghcr.io/acme/shop')
    .addOption(
      new Option(
        '--format <format>',
        'one name on each line, --tag flags on one line, or --label flags that say what the commit is',
      )
        .choices(['lines', 'flags', 'label-flags'])
        .default('lines'),
    )
    .option(
      '--default-branch <name>',
      'the branch that latest follows (default: what the CI service or git says, else main)',
    )
  resultOptions(command)
    .addHelpText(
      'after',
      `
In CI the service says what was pushed; elsewhere git does.
  a tag v1.4.2         1.4.2, 1.4, 1    (a pre-release: itself alone; below 1.0.0: no major)
  a branch             its name, and latest when it is the default branch
  every commit         sha-1a2b3c4
Labels are org.opencontainers.image.source, .revision, .version (the first tag) and .created (when it was committed, so that
the same commit gives the same image).

Examples:
  everyarch tags ghcr.io/acme/shop
  everyarch build $(everyarch tags --format flags ghcr.io/acme/shop) --push
  everyarch build $(everyarch tags --format label-flags ghcr.io/acme/shop) …`,
    )
    .action(async (image: string, flags: TagsFlags) => {
      const { tags } = await import('../tags/tags.ts')
      finish(await runCommand(context, flags, () => tags(image, flags, context)))
    })
}
