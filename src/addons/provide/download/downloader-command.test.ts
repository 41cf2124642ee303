import { describe, expect, it } from 'vitest'
import { argumentsOf } from './downloader-command.ts'
import { sumOf } from './published-sum.ts'

describe('argumentsOf', () => {
  it('takes what belongs to the program, and not what the shell would do next', () => {
    expect(argumentsOf('prebuild-install', ['prebuild-install || node-gyp rebuild --release'])).toEqual([])
    expect(argumentsOf('prebuild-install', ['prebuild-install -r napi || exit 1'])).toEqual(['-r', 'napi'])
    expect(
      argumentsOf('install-from-cache', [
        'npm run x',
        'install-from-cache --artifact build/Release/re2.node --host-var RE2_DOWNLOAD_MIRROR && echo done',
      ]),
    ).toEqual(['--artifact', 'build/Release/re2.node', '--host-var', 'RE2_DOWNLOAD_MIRROR'])
    expect(
      argumentsOf('prebuild-install', ['node ./node_modules/prebuild-install/bin.js --verbose']),
    ).toEqual([])
  })
})

describe('sumOf', () => {
  const sum = 'a'.repeat(64)
  const other = 'b'.repeat(64)
  it('reads a lone checksum, and the line of a list', () => {
    expect(sumOf(sum, 'x.tar.gz')).toBe(sum)
    expect(sumOf(`${sum}  x.tar.gz\n`, 'x.tar.gz')).toBe(sum)
    expect(sumOf(`${other}  y.tar.gz\n${sum} *x.tar.gz\n`, 'x.tar.gz')).toBe(sum)
  })
  it('finds none in a page that says something else', () => {
    expect(sumOf('<html>not found</html>', 'x.tar.gz')).toBeUndefined()
    expect(sumOf(`${other}  y.tar.gz\n`, 'x.tar.gz')).toBeUndefined()
  })
})
