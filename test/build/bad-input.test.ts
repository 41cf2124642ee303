/** What a user gets for a mistake: one clear error with the documented exit code, nothing published, nothing left behind. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyarch } from './everyarch.ts'
import { plainService, projectFolder } from './project-folder.ts'

const packageJson = (more: object) =>
  JSON.stringify({ name: 'shop', version: '1.0.0', scripts: { start: 'node server.js' }, ...more })
const dependency = { dependencies: { ms: '2.1.3' } }
const lock = (more: object = {}) =>
  JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'shop', version: '1.0.0', ...dependency },
      'node_modules/ms': {
        version: '2.1.3',
        integrity:
          'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==',
      },
    },
    ...more,
  })

interface Mistake {
  files: Record<string, string>
  args?: string[]
  exitCode: number
  says: (string | RegExp)[]
}

const mistakes: Record<string, Mistake> = {
  'no package.json': { files: { 'server.js': '' }, exitCode: 2, says: ['package.json'] },
  'broken package.json': {
    files: { 'package.json': '{\n  "name": "shop",\n  "version" "1"\n}' },
    exitCode: 2,
    says: [/package\.json:3:/],
  },
  'lockfile missing': {
    files: { 'package.json': packageJson(dependency), 'server.js': '' },
    exitCode: 2,
    says: ['package-lock.json', 'npm install'],
  },
  'lockfile broken': {
    files: {
      'package.json': packageJson(dependency),
      'package-lock.json': '{"lockfileVersion": 3,\n "packages": {',
      'server.js': '',
    },
    exitCode: 2,
    says: [/package-lock\.json/, /line 2|:2:/],
  },
  'lockfile of an unknown version': {
    files: {
      'package.json': packageJson(dependency),
      'package-lock.json': lock({ lockfileVersion: 9 }),
      'server.js': '',
    },
    exitCode: 2,
    says: ['lockfileVersion', '9'],
  },
  'lockfile out of step': {
    files: {
      'package.json': packageJson({ dependencies: { ms: '2.0.0' } }),
      'package-lock.json': lock(),
      'server.js': '',
    },
    exitCode: 2,
    says: ['ms', 'npm install'],
  },
  'another package manager’s lockfile': {
    files: {
      'package.json': packageJson(dependency),
      'pnpm-lock.yaml': 'lockfileVersion: 9.0\n',
      'server.js': '',
    },
    exitCode: 2,
    says: ['pnpm'],
  },
  'unknown platform': {
    files: plainService,
    args: ['--platform', 'linux/x86'],
    exitCode: 2,
    says: ['linux/x86 is not a platform', 'did you mean linux/amd64?'],
  },
  'unknown option': { files: plainService, args: ['--pusch'], exitCode: 2, says: ['--pusch', '--push'] },
  'unknown configuration key': {
    files: { ...plainService, 'everyarch.config.json': '{\n  "platfroms": ["linux/amd64"]\n}' },
    exitCode: 2,
    says: [/everyarch\.config\.json:2:/, 'platforms'],
  },
  'push without a name': { files: plainService, args: ['--push'], exitCode: 2, says: ['--push', '--tag'] },
  'bad reference': {
    files: plainService,
    args: ['--tag', 'ghcr.io/Acme/shop'],
    exitCode: 2,
    says: ['Acme', 'lower case'],
  },
  'output to a registry': {
    files: plainService,
    args: ['--output', 'ghcr.io/acme/shop'],
    exitCode: 2,
    says: ['--tag'],
  },
  'registry down': {
    files: plainService,
    args: ['--base', '127.0.0.1:9/node:22'],
    exitCode: 3,
    says: ['127.0.0.1:9'],
  },
  'base layout missing': {
    files: plainService,
    args: ['--base', 'oci:no/such/folder'],
    exitCode: 3,
    says: ['no/such/folder'],
  },
}

describe('bad input', () => {
  it.each(Object.entries(mistakes))('%s', async (_, { files, args = [], exitCode, says }) => {
    await using project = await projectFolder(files)
    const cache = join(project.path, '.cache-of-test')
    const outcome = await everyarch(['build', '.', '-o', 'oci:out', '--cache-dir', cache, ...args], {
      cwd: project.path,
    })
    for (const text of says) expect(outcome.stderr).toMatch(text)
    expect(outcome.exitCode).toBe(exitCode)
    expect(outcome.stderr).not.toMatch(/\n\s+at /)
    expect(outcome.stderr).not.toContain('this is a bug')
    expect(existsSync(join(project.path, 'out'))).toBe(false)
    expect(readdirSync(project.path).filter((name) => name.includes('tmp'))).toEqual([])
  })

  it('is reported as JSON when that was asked for', async () => {
    await using project = await projectFolder(plainService)
    const outcome = await everyarch(['build', '--platform', 'linux/x86', '--json'], { cwd: project.path })
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      error: { code: 'INVALID_PLATFORM', details: { suggestion: 'linux/amd64' } },
      exitCode: 2,
    })
  })
})
