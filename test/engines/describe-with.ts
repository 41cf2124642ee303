/** Tests that need real engines: where one is missing they say so and are skipped, but under CI that is a failure. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe } from 'vitest'
import { EngineError } from './run.ts'

/** What an engine needs of the machine: Linux always, root where it says so, and these programs. */
const engines: Readonly<Record<string, { programs: readonly string[]; root?: boolean }>> = {
  docker: { programs: ['mmdebstrap', 'unshare', 'setpriv', 'pivot_root', 'apt-get'], root: true },
  qemu: { programs: ['qemu-aarch64-static', 'mount'], root: true },
  podman: { programs: ['podman', 'runc'], root: true },
  'ssh-server': { programs: ['ssh', 'ssh-keygen', 'sshd'], root: true },
  registry: { programs: ['docker-registry', 'perl'] },
  'base-image': { programs: ['mmdebstrap', 'skopeo', 'npm', 'apt-get'], root: true },
  musl: { programs: ['mmdebstrap', 'gcc', 'aarch64-linux-gnu-gcc'], root: true },
  tmpfs: { programs: ['mount', 'umount'], root: true },
  umoci: { programs: ['umoci', 'skopeo'], root: true },
}

/**
 * `describe` for tests that need engines, named as in the table above; any other name is a program on the PATH.
 *
 *     describeWith(['docker', 'registry', 'skopeo'], 'publishing', () => { … })
 */
export function describeWith(names: readonly string[], title: string, body: () => void): void {
  const missing = names.flatMap(whatIsMissing)
  const needs = missing.length === 0 ? '' : ` (needs ${[...new Set(missing)].join(', ')})`
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback
  describe.skipIf(needs !== '' && !process.env.CI)(`${title}${needs}`, () => {
    beforeAll(() => {
      if (needs !== '') throw new EngineError(`${title}${needs}`)
    })
    body()
  })
}

function whatIsMissing(name: string): string[] {
  const { programs, root = false } = engines[name] ?? { programs: [name] }
  const missing = programs.filter((program) => !isOnPath(program))
  if (root && process.getuid?.() !== 0) missing.push('root')
  if (process.platform !== 'linux') missing.push('Linux')
  return missing
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
