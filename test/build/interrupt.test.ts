/** Ctrl-C at any moment: exit 130, no tag, no half-written output, nothing left in the cache; the next run completes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'

const root = join(import.meta.dirname, '../..')
const example = join(root, 'examples/thumbnailer')

describeWith(['registry', 'npm'], 'Ctrl-C', () => {
  let folder: string
  let registry: Registry
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-interrupt-'))
    registry = await startRegistry()
  })
  afterAll(async () => {
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const cache = () => join(folder, 'cache')
  const start = (name: string) => {
    const tag = `${registry.host}/interrupted:${name}`
    const args = [
      join(root, 'dist/cli.js'),
      'build',
      example,
      '--cache-dir',
      cache(),
      '--progress',
      'json',
      '--tag',
      tag,
      '--push',
      '--smoke-runner',
      'unshare',
      '--allow-untested',
      'all',
      '-o',
      `oci:${name}`,
    ]
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes) => (said += String(bytes)))
    const reached = (pattern: RegExp) =>
      new Promise<boolean>((resolve) => {
        child.stderr.on('data', () => pattern.test(said) && resolve(true))
        child.once('close', () => resolve(pattern.test(said)))
      })
    return {
      child,
      reached,
      said: () => said,
      ended: once(child, 'close').then(([code]) => code as number | null),
    }
  }
  const tagExists = async (name: string) => {
    const headers = { accept: 'application/vnd.oci.image.index.v1+json' }
    return (
      await fetch(`http://${registry.host}/v2/interrupted/manifests/${name}`, { method: 'HEAD', headers })
    ).ok
  }
  const leftovers = () =>
    ['builds', 'tmp', 'temporary'].flatMap((name) => {
      const path = join(cache(), name)
      return existsSync(path) ? readdirSync(path) : []
    })

  // In this order each run finds less in the cache than it needs, so that every station is really at work.
  const stations: [string, RegExp][] = [
    ['start', /"topic":"engine"/],
    ['base', /"station":"base"/],
    ['deps', /"station":"deps"/],
    ['build', /"station":"build"/],
    ['verify', /"station":"verify"/],
    ['smoke', /"station":"smoke"/],
    ['push', /"station":"push"/],
  ]
  it.each(stations)('while it is at %s', async (name, pattern) => {
    const run = start(name)
    expect(await run.reached(pattern)).toBe(true)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(130)
    expect(run.said()).toContain('interrupted')
    expect(run.said()).not.toMatch(/\n\s+at /)
    expect(await tagExists(name)).toBe(false)
    expect(existsSync(join(folder, name))).toBe(false)
    expect(leftovers()).toEqual([])
  })

  it('and the next run completes', async () => {
    const run = start('complete')
    expect(await run.ended).toBe(0)
    expect(await tagExists('complete')).toBe(true)
    expect(leftovers()).toEqual([])
  })
})
