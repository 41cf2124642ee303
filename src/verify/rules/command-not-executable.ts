import type { PlatformRule } from '../rule.ts'
import { lookUpCommands } from '../startup/surroundings.ts'

/** The entrypoint or command is a file that nobody may execute. */
export const commandNotExecutable: PlatformRule = {
  id: 'image/command-not-executable',
  severity: 'error',
  *check(image) {
    for (const { start, lookup } of lookUpCommands(image)) {
      if (lookup.outcome !== 'not-executable') continue
      yield {
        file: lookup.file,
        message: `is the ${start.from} and not executable (mode ${(lookup.file.mode & 0o7777).toString(8).padStart(4, '0')})`,
        hint: 'COPY --chmod=755, or git update-index --chmod=+x: a checkout on Windows loses the mode',
        details: { mode: lookup.file.mode },
      }
    }
  },
}
