import type { PlatformRule } from '../rule.ts'
import { interpreterOf, resolveCommand } from '../startup/resolve-command.ts'
import { lookUpCommands, surroundingsOf } from '../startup/surroundings.ts'

/** The entrypoint or command is a script whose `#!` line names a program that is not there. */
export const missingScriptInterpreter: PlatformRule = {
  id: 'image/missing-script-interpreter',
  severity: 'error',
  *check(image) {
    for (const { start, lookup } of lookUpCommands(image)) {
      if (lookup.outcome !== 'found' || lookup.file.content?.kind !== 'script') continue
      const { line } = lookup.file.content
      const { program, command } = interpreterOf(line)
      const missing = [program, ...(command ? [command] : [])].find(
        (name) => resolveCommand(name, surroundingsOf(image)).outcome !== 'found',
      )
      if (missing === undefined) continue
      const carriageReturn = missing.endsWith('\r')
      yield {
        file: lookup.file,
        message: carriageReturn
          ? `is the ${start.from}, and its first line ends with a carriage return: the kernel looks for ${JSON.stringify(missing)}`
          : `is the ${start.from}, a script for ${missing}, which is not in the image`,
        hint: carriageReturn
          ? 'save it with Unix line ends; *.sh text eol=lf in .gitattributes keeps them'
          : `install ${missing}, or write the script for a program that the image has`,
        details: { line: `#!${line}`, interpreter: missing },
      }
    }
  },
}
