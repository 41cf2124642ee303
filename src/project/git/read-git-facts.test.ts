import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject } from '../fixtures/temporary-project.ts'
import { readGitFacts } from './read-git-facts.ts'

/** git without the configuration of this machine. */
const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: '/tmp',
}

async function repository() {
  const root = await temporaryProject({ 'a.txt': 'a' })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'one')
  return { root, git, revision: git('rev-parse', 'HEAD') }
}
const facts = (root: string, more: Record<string, string> = {}) =>
  readGitFacts(root, { env: { ...env, ...more }, signal })

describe('readGitFacts', () => {
  it('reads commit, branch, remote without credentials, and tag', async () => {
    const { root, git, revision } = await repository()
    git('remote', 'add', 'origin', 'https://user:secret@example.com/acme/shop.git')
    git('tag', 'v1.0.0')
    git('tag', 'v1.10.0')
    expect(await facts(root)).toEqual({
      revision,
      branch: 'main',
      dirty: false,
      source: 'https://example.com/acme/shop',
      tag: 'v1.10.0',
    })
  })

  it('sees changed files, but not untracked ones', async () => {
    const { root } = await repository()
    writeFileSync(join(root, 'new.txt'), '')
    expect((await facts(root)).dirty).toBe(false)
    writeFileSync(join(root, 'a.txt'), 'b')
    expect((await facts(root)).dirty).toBe(true)
  })

  it('completes a detached checkout with what CI says about the same commit', async () => {
    const { root, git, revision } = await repository()
    git('checkout', '-q', '--detach')
    const ci = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/tags/v2' }
    expect(await facts(root, { ...ci, GITHUB_SHA: revision })).toEqual({
      revision,
      dirty: false,
      source: 'https://github.com/acme/shop',
      tag: 'v2',
    })
    expect(await facts(root, { ...ci, GITHUB_SHA: 'f'.repeat(40) })).toEqual({
      revision,
      dirty: false,
      source: 'https://github.com/acme/shop',
    })
  })

  it('knows nothing without a repository, without a commit, and without git', async () => {
    const bare = await temporaryProject({ x: '' })
    expect(await facts(bare)).toEqual({})
    execFileSync('git', ['init', '-q'], { cwd: bare, env })
    expect(await facts(bare)).toEqual({})
    const { root } = await repository()
    expect(await facts(root, { PATH: '/nowhere' })).toEqual({})
    expect(await facts(root, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })).toEqual({})
  })

  it('runs no program that the repository names', async () => {
    const { root, git } = await repository()
    mkdirSync(join(root, 'hook'))
    writeFileSync(join(root, 'hook/run'), `#!/bin/sh\ntouch ${root}/ran\n`)
    chmodSync(join(root, 'hook/run'), 0o755)
    git('config', 'core.fsmonitor', join(root, 'hook/run'))
    expect((await facts(root)).revision).toBeDefined()
    expect(execFileSync('ls', [root], { encoding: 'utf8' })).not.toContain('ran')
  })

  it('stops when it is cancelled', async () => {
    await expect(readGitFacts('/', { env, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })
})
