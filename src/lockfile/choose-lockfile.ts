import { LockfileError } from './lockfile-error.ts'

/** Lockfiles of other package managers, with what they are called. */
const others: readonly [string, string][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'Yarn'],
  ['bun.lock', 'Bun'],
  ['bun.lockb', 'Bun'],
]

/**
 * Of the names in a project's folder, the lockfile to read: `npm-shrinkwrap.json`, else `package-lock.json`. Throws
 * `LockfileError` `LOCKFILE_UNSUPPORTED` when only another package manager's is there, `LOCKFILE_MISSING` when none is.
 */
export function chooseLockfile(names: readonly string[]): string {
  const own = ['npm-shrinkwrap.json', 'package-lock.json'].find((name) => names.includes(name))
  if (own) return own
  const other = others.find(([name]) => names.includes(name))
  if (!other) {
    throw new LockfileError('LOCKFILE_MISSING', 'the project has no package-lock.json', {
      kind: 'usage',
      hint: 'run `npm install` and commit the lockfile; in a workspace, build from the root of the repository',
    })
  }
  const [file, manager] = other
  throw new LockfileError('LOCKFILE_UNSUPPORTED', `${file}: lockfiles of ${manager} are not supported yet`, {
    kind: 'usage',
    hint: 'dependencies are read from package-lock.json: `npm install --package-lock-only` writes one beside it\nor build with a Dockerfile and `--engine buildkit`',
    details: { file, packageManager: manager },
  })
}
