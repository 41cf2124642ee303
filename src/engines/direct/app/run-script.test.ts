import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../base/index.ts'
import { runScript, type ScriptRun } from './run-script.ts'

const folder = mkdtempSync(join(tmpdir(), 'everyarch-run-script-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (command: string, change: Partial<ScriptRun> = {}) => {
  const lines: string[] = []
  const done = runScript({
    event: 'build',
    command,
    folder,
    root: folder,
    packageName: 'shop',
    packageVersion: '1.0.0',
    env: process.env,
    signal: new AbortController().signal,
    onLine: (_, line) => lines.push(line),
    ...change,
  })
  return { lines, done }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.skipIf(process.platform === 'win32')('runScript', () => {
  it('gives the script npm’s variables and the local programs', async () => {
    const { lines, done } = run(
      'echo $npm_lifecycle_event $npm_package_name; echo "$PATH"; echo to stderr >&2',
    )
    await done
    expect(lines).toContain('build shop')
    expect(lines).toContain('to stderr')
    expect(lines.some((line) => line.startsWith(join(folder, 'node_modules', '.bin')))).toBe(true)
  })

  it('repeats the last lines of a script that fails, and closes the gate', async () => {
    const { done } = run('echo first; echo the reason; exit 3')
    await expect(done).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      kind: 'gate',
      hint: expect.stringContaining('| the reason'),
      details: { exit: 3 },
    })
  })

  it('says so when a program is missing', async () => {
    await expect(run('no-such-program-here').done).rejects.toMatchObject({
      hint: expect.stringContaining('not found'),
    })
  })

  it('ends the whole group when it is interrupted', async () => {
    const controller = new AbortController()
    const { lines, done } = run('sleep 60 & echo $!; wait', { signal: controller.signal })
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    controller.abort(new InterruptedError())
    await expect(done).rejects.toMatchObject({ code: 'INTERRUPTED' })
    // The orphan is gone once init has reaped it.
    await expect.poll(() => isAlive(Number(lines[0])), { timeout: 20_000 }).toBe(false)
  })
})
