import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { commandProject } from './command-project.ts'

describe('commandProject', () => {
  let cwd: string
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'command-project-'))
    await writeFile(join(cwd, 'package.json'), '{"name":"shop","version":"1.0.0"}')
  })
  afterEach(() => rm(cwd, { recursive: true }))

  const mirror = 'https://mirror.example/debian'
  const baseOf = async (file: object, flags: Partial<ImageFlags>) => {
    await writeFile(join(cwd, 'everyarch.config.json'), JSON.stringify(file))
    const context = { cwd, signal: new AbortController().signal } as CommandContext
    return (await commandProject('.', { engine: 'auto', ...flags }, context)).configuration.base
  }

  it('gives the mirror to the assembled base, of the file or of the flags', async () => {
    const base = { assemble: 'debian', suite: 'bookworm', node: '22' }
    expect(await baseOf({ base }, { debianMirror: mirror })).toEqual({ ...base, mirror })
    const assembled = { base: 'assemble:trixie', debianMirror: mirror }
    expect(await baseOf({}, assembled)).toEqual({ assemble: 'debian', suite: 'trixie', mirror })
  })

  it.each([{}, { base: 'node:22-slim' }])('refuses a mirror for the base of %j', async (file) => {
    await expect(baseOf(file, { debianMirror: mirror })).rejects.toMatchObject({
      code: 'INVALID_FLAG',
      kind: 'usage',
    })
  })
})
