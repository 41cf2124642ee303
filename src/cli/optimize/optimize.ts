/** The work of `everyarch optimize`. */
import { exitCodes } from '../../base/index.ts'
import { optimizeDockerfile } from '../../optimize/index.ts'
import { optimizeText, patchText } from '../../report/index.ts'
import { writeText } from '../check/write-text.ts'
import type { OptimizeFlags } from '../commands/optimize.ts'
import type { CommandContext } from '../context.ts'
import { readDockerfile } from './read-dockerfile.ts'

export async function optimize(path: string, flags: OptimizeFlags, context: CommandContext): Promise<number> {
  const { stdout } = context
  const { file, name, text, facts } = await readDockerfile(path, flags, context)
  const result = optimizeDockerfile(text, { ...facts, level: flags.level })
  const changed = result.text !== text
  if (flags.write && changed) await writeText(file, result.text)
  if (flags.json)
    stdout.write(
      `${JSON.stringify({ file: name, written: Boolean(flags.write) && changed, ...result }, null, 2)}\n`,
    )
  else if (flags.diff) stdout.write(patchText(name, text, result.text))
  else stdout.write(optimizeText(name, result, { colour: stdout.colour, written: flags.write ?? false }))
  return exitCodes.ok
}
