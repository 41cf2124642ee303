/** 32-bit Arm: versions and floating-point conventions, on a root file system of the cross compiler's libraries. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parsePlatforms } from '../../src/oci/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { compile, compilers, helloProgram } from './compile.ts'
import { faults, type Files, singleImage, verify } from './image.ts'

const sysroot = '/usr/arm-linux-gnueabihf/lib'

function libraries(): Files {
  const names = existsSync(sysroot) ? readdirSync(sysroot).filter((name) => /\.so\.\d+$/.test(name)) : []
  return Object.fromEntries(
    names.map((name) => [`lib/${name}`, { content: readFileSync(join(sysroot, name)), mode: 0o755 }]),
  )
}

async function check(platform: string, tool: Uint8Array): Promise<string[]> {
  const files = { ...libraries(), 'usr/local/bin/tool': { content: tool, mode: 0o755 } }
  const image = await singleImage({ platform, layers: [files] })
  // Debian's own libraries are for Armv7: only what was put on top is of interest.
  return faults(await verify(image, { platforms: parsePlatforms(platform) })).filter((line) =>
    line.endsWith('tool'),
  )
}

describeWith([compilers.arm], 'arm', () => {
  const build = (march: string) => compile('arm', helloProgram, [`-march=${march}`, '-mfloat-abi=hard'])

  it('is sound when the version fits', async () => {
    expect(await check('linux/arm/v7', build('armv7-a+fp'))).toEqual([])
    expect(await check('linux/arm/v8', build('armv8-a+simd'))).toEqual([])
  })

  it('finds code for a newer version', async () => {
    expect(await check('linux/arm/v6', build('armv7-a+fp'))).toEqual([
      'error image/wrong-variant linux/arm/v6 usr/local/bin/tool',
    ])
    expect(await check('linux/arm/v7', build('armv8-a+simd'))).toEqual([
      'error image/wrong-variant linux/arm/v7 usr/local/bin/tool',
    ])
  })

  it('finds a program for 64-bit Arm', async () => {
    expect(await check('linux/arm/v7', compile('arm64', helloProgram, ['-static']))).toEqual([
      'error image/wrong-architecture linux/arm/v7 usr/local/bin/tool',
    ])
  })
})
