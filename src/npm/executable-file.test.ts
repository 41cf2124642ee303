import { describe, expect, it } from 'vitest'
import { collect, fromBytes, fromText } from '../base/index.ts'
import { executableFile } from './executable-file.ts'

const { signal } = new AbortController()

async function fixed(bytes: Uint8Array): Promise<{ mode: number; size: number; content: string }> {
  const file = {
    path: 'bin',
    type: 'file',
    mode: 0o644,
    size: bytes.byteLength,
    content: fromBytes(bytes),
  } as const
  const { mode, size, content } = await executableFile(file, signal)
  return {
    mode,
    size,
    content: Buffer.from(await collect(content({ signal }), 1 << 20, 'bin')).toString('latin1'),
  }
}

describe('executableFile', () => {
  it.each([
    ['#!/usr/bin/env node\r\nrun()\r\n', '#!/usr/bin/env node\nrun()\r\n'],
    ['#!/usr/bin/env node\nrun()\r\n', '#!/usr/bin/env node\nrun()\r\n'],
    ['run()\r\n#!x\r\n', 'run()\r\n#!x\r\n'],
    ['#!\r\n', '#!\r\n'],
    ['', ''],
  ])('%j becomes %j', async (before, after) => {
    expect(await fixed(Buffer.from(before))).toEqual({ mode: 0o755, size: after.length, content: after })
  })

  it('leaves bytes that are not text alone, and a first line that is too long', async () => {
    const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x0d, 0x0a])
    expect((await fixed(binary)).content).toBe(binary.toString('latin1'))
    const long = `#!${'x'.repeat(3000)}\r\n`
    expect((await fixed(Buffer.from(long))).content).toBe(long)
  })

  it('leaves folders as they are', async () => {
    const folder = { path: 'bin', type: 'directory', mode: 0o755, size: 0, content: fromText('') } as const
    expect(await executableFile(folder, signal)).toBe(folder)
  })
})
