/** The work of `everyarch compare`. */
import { homedir } from 'node:os'
import { exitCodes } from '../../base/index.ts'
import { compareImages } from '../../compare/index.ts'
import { parseImageLocation, parsePlatforms } from '../../oci/index.ts'
import { comparisonText } from '../../report/index.ts'
import { openReader, openStores, storeSettingsFrom } from '../../store/index.ts'
import type { CompareFlags } from '../commands/compare.ts'
import type { CommandContext } from '../context.ts'
import { absolute } from '../verify/targets.ts'
import { version } from '../version.ts'

/** Compares the images; resolves to the exit code. */
export async function compare(
  a: string,
  b: string,
  flags: CompareFlags,
  { env, cwd, signal, stdout }: CommandContext,
): Promise<number> {
  const stores = openStores({
    ...storeSettingsFrom(env, homedir()),
    insecureRegistries: flags.insecureRegistry ?? [],
    userAgent: `everyarch/${version}`,
  })
  const open = (text: string) => openReader(absolute(parseImageLocation(text), cwd), stores, { signal })
  try {
    const left = await open(a)
    try {
      const right = await open(b)
      try {
        const comparison = await compareImages(left, right, {
          signal,
          times: flags.times ?? false,
          strict: flags.strict ?? false,
          ...(flags.platform ? { platforms: parsePlatforms(flags.platform.join(',')) } : {}),
        })
        if (flags.json) stdout.write(`${JSON.stringify(comparison, null, 2)}\n`)
        else stdout.write(comparisonText(comparison, { colour: stdout.colour }))
        return comparison.same ? exitCodes.ok : exitCodes.gate
      } finally {
        await right.close()
      }
    } finally {
      await left.close()
    }
  } finally {
    await stores.close()
  }
}
