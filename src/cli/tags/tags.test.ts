import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandContext } from '../context.ts'
import { runProgram } from '../program.ts'

const committed = '2026-02-03T04:05:06Z'
let folder: string
let revision: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-tags-'))
  const env = { PATH: process.env.PATH, HOME: folder, GIT_COMMITTER_DATE: committed }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' })
  git('init', '--quiet', '--initial-branch=main')
  git('remote', 'add', 'origin', 'git@example.com:acme/shop.git')
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.com']
  git(...author, 'commit', '--quiet', '--allow-empty', '--message=first')
  revision = git('rev-parse', 'HEAD').trim()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const texts = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => void (texts[name] += text),
    columns: 100,
    interactive: false,
    colour: false,
  })
  const context: CommandContext = {
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    cwd: folder,
    signal: new AbortController().signal,
    stdout: output('stdout'),
    stderr: output('stderr'),
    elapsed: () => 0,
  }
  return { exit: await runProgram(['tags', ...args], context), ...texts }
}

describe('everyarch tags', () => {
  it('prints the names of the commit, or the flags that give them', async () => {
    const names = ['main', 'latest', `sha-${revision.slice(0, 7)}`].map((tag) => `ghcr.io/acme/shop:${tag}`)
    expect((await run(['ghcr.io/acme/shop'])).stdout).toBe(names.map((name) => `${name}\n`).join(''))
    const { stdout } = await run(['ghcr.io/acme/shop', '--format', 'flags'])
    expect(stdout).toBe(`${names.map((name) => `--tag ${name}`).join(' ')}\n`)
  })

  it('prints what the commit is as flags for labels, the same each time', async () => {
    const labels = [
      'source=https://example.com/acme/shop',
      `revision=${revision}`,
      'version=main',
      `created=${committed}`,
    ].map((label) => `org.opencontainers.image.${label}`)
    const { stdout } = await run(['ghcr.io/acme/shop', '--format', 'label-flags'])
    expect(stdout).toBe(`${labels.map((label) => `--label ${label}`).join(' ')}\n`)
    expect(JSON.parse((await run(['ghcr.io/acme/shop', '--json'])).stdout)).toMatchObject({ labels })
  })

  it('believes the CI service, and leaves out what a shell would take apart', async () => {
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_SHA: revision,
      GITHUB_REF: 'refs/tags/v1.4.2',
      GITHUB_SERVER_URL: 'https://example.com',
      GITHUB_REPOSITORY: 'acme/*',
    }
    const { stdout } = await run(['ghcr.io/acme/shop', '--format', 'label-flags'], env)
    expect(stdout).toContain('--label org.opencontainers.image.version=1.4.2 ')
    expect(stdout).not.toMatch(/[*]|image\.source/)
  })

  it('refuses a name that has a tag already', async () => {
    expect(await run(['ghcr.io/acme/shop:1'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('has a tag'),
    })
  })
})
