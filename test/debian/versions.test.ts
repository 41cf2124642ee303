import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareVersions } from '../../src/debian/control/version.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'

describeWith(['dpkg', 'dpkg-query', 'sh'], 'versions', () => {
  /** What dpkg says of pairs: `lt`, `eq` or `gt`, all in one shell. */
  const dpkgSays = async (pairs: readonly (readonly [string, string])[]): Promise<string[]> => {
    const script = `while read -r a b; do for op in lt eq gt; do dpkg --compare-versions "$a" $op "$b" && echo $op; done; done; true`
    const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('')
    return (await run('sh', ['-c', script], { input })).trim().split('\n')
  }
  const weSay = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([a, b]) => ['lt', 'eq', 'gt'][Math.sign(compareVersions(a, b)) + 1])

  it('are ordered as dpkg orders random ones', async () => {
    const version = fc.stringMatching(/^([0-9]{1,2}:)?[0-9][0-9a-zA-Z.+~]{0,5}(-[0-9a-zA-Z.+~]{1,4})?$/)
    const pairs = fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 12 })
    expect(weSay(pairs)).toEqual(await dpkgSays(pairs))
  })

  it('are ordered as dpkg orders those of this machine, with all that is near to them', async () => {
    const installed = (await run('dpkg-query', ['--show', '--showformat', '${Version}\n'])).trim().split('\n')
    const near = installed
      .slice(0, 100)
      .flatMap((version) =>
        [`${version}~`, `${version}+b1`, version.replace(/-[^-]*$/, ''), version.replace(/^\d+:/, '')].map(
          (other) => [version, other] as const,
        ),
      )
    expect(weSay(near)).toEqual(await dpkgSays(near))
  })
})
