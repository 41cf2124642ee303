import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startJanitor } from './janitor.ts'

const env = { PATH: process.env.PATH }
/** Counts its calls in a file, and removes another. */
const cleaning = 'clean() { echo "$#" >>"$1"; rm -f "$2"; [ ! -e "$2" ]; }'

// That it cleans for an owner who was killed, test/smoke/interrupted.test.ts shows.
describe.skipIf(process.platform === 'win32')('startJanitor', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-janitor-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const files = async (name: string) => {
    const [calls, thing] = [join(folder, `${name}-calls`), join(folder, `${name} thing`)]
    await writeFile(thing, '')
    return { calls, thing }
  }
  const ofCalls = (path: string) => readFile(path, 'utf8').catch(() => '')

  it('cleans when it is told to, once, with its arguments as they are', async () => {
    const { calls, thing } = await files('told')
    const janitor = startJanitor(cleaning, [calls, thing], env)
    expect(existsSync(thing)).toBe(true)
    await janitor.clean()
    await janitor.clean()
    expect([existsSync(thing), await ofCalls(calls)]).toEqual([false, '2\n'])
  })

  it('cleans again until nothing is left', async () => {
    const { calls, thing } = await files('again')
    const script = 'clean() { echo >>"$1"; [ "$(wc -l <"$1")" -ge 3 ]; }'
    await startJanitor(script, [calls, thing], env).clean()
    expect(await ofCalls(calls)).toBe('\n\n\n')
  })

  it('waits for what is still under way, and cleans after it', async () => {
    const { calls, thing } = await files('busy')
    const janitor = startJanitor(cleaning, [calls, thing], env)
    // Makes what has to be cleaned only after the first cleaning.
    const late = 'while [ ! -s "$1" ]; do sleep 0.05; done; : >"$2"'
    const maker = spawn('sh', ['-c', late, 'sh', calls, thing], { detached: true, stdio: 'ignore' })
    janitor.watch(maker)
    await janitor.clean()
    expect(existsSync(thing)).toBe(false)
    expect((await ofCalls(calls)).split('\n').length).toBeGreaterThan(2)
  })

  it('does not wait for what has ended before', async () => {
    const { calls, thing } = await files('ended')
    const janitor = startJanitor(cleaning, [calls, thing], env)
    const done: ChildProcess = spawn('true', { detached: true })
    janitor.watch(done)
    await once(done, 'close')
    await janitor.clean()
    expect(await ofCalls(calls)).toBe('2\n')
  })
})
