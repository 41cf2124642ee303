/** `everyarch compare`: whether two images hold the same files and start the same way. */
import { collect, commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { resultOptions } from './build.ts'

export interface CompareFlags {
  platform?: string[]
  times?: boolean
  strict?: boolean
  insecureRegistry?: string[]
  json?: boolean
  debug?: boolean
}

export const registerCompare: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('compare')
    .description('compare two images file by file, whatever their layers, compression and dates')
    .argument('<a>', 'REF, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker-daemon:REF')
    .argument('<b>', 'the other one')
    .option('--platform <list>', 'compare these platforms only, comma-separated', commaList)
    .option('--times', 'modification times count too')
    .option('--strict', 'logs, caches and records of package managers count too')
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', collect)
  resultOptions(command)
    .addHelpText(
      'after',
      `
Compared are the file systems that containers would see (content, type, mode, owner, links, devices, extended attributes) and
the configuration. What is left out is said.

Examples:
  everyarch compare shop:before shop:after
  everyarch compare oci:out/usual oci:out/optimized --platform linux/arm64 --json

Exit codes: 0 the same · 1 different · 2 usage · 3 network, registry or machine · 130 interrupted`,
    )
    .action(async (a: string, b: string, flags: CompareFlags) => {
      const { compare } = await import('../compare/compare.ts')
      finish(await runCommand(context, flags, () => compare(a, b, flags, context)))
    })
}
