/** The SARIF Multitool, by the standard's own authors, from the npm package that carries it for x86-64 Linux. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { unpackPackage } from './node.ts'
import { run } from './run.ts'

const version = '5.7.0'

/**
 * What the validator has against a log, `level RULE: message` each: the standard's schema and rules, and what GitHub's code
 * scanning asks for beyond them. `folder` is for its files.
 */
export async function validateSarif(log: string, folder: string): Promise<string[]> {
  const tool = await cached(`sarif-multitool-${version}`, async (made) => {
    await unpackPackage(`@microsoft/sarif-multitool-linux@${version}`, made)
    await chmod(join(made, 'Sarif.Multitool'), 0o755)
  })
  const file = join(folder, 'log.sarif')
  await writeFile(file, log)
  // It ends with 0 whatever it finds. Its texts are English, so the library for other languages need not be there.
  const output = await run(join(tool, 'Sarif.Multitool'), ['validate', file, '--rule-kind', 'Sarif;Ghas'], {
    env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
  })
  if (!output.includes('Analysis completed successfully')) return [output]
  return output.split('\n').flatMap((line) => /\.sarif\(\d+,\d+\): (.*)/.exec(line)?.[1] ?? [])
}
