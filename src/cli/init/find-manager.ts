/** Which package manager installs the project: what package.json says, else whose lockfile is there. */
import type { CancelOptions } from '../../base/index.ts'
import { type PackageJson, readProjectFile } from '../../project/index.ts'
import type { ManagerFacts, PackageManager } from '../../scaffold/index.ts'
import { InitError } from './init-error.ts'

export interface FoundManager extends ManagerFacts {
  /** for the lines that explain: `package-lock.json`, `packageManager of package.json` */
  readonly from: string
  /** lockfiles of other managers, which nobody reads any more */
  readonly unused: readonly string[]
}

const lockfiles: readonly (readonly [file: string, manager: 'npm' | 'pnpm' | 'yarn' | 'bun'])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
]

/** What is installed where the project names no version: the newest of a major, except where a format asks for an older one. */
const defaultVersions: Readonly<Record<PackageManager, string>> = {
  npm: '11',
  pnpm: '10',
  yarn: '4',
  'yarn-classic': '1',
  bun: '1',
}

/** Throws `InitError` `INIT_MANAGER_UNKNOWN` for a packageManager that nobody knows, `ProjectError` for an unreadable lockfile. */
export async function findManager(
  root: string,
  { document }: PackageJson,
  options: CancelOptions,
): Promise<FoundManager> {
  const found: { file: string; manager: 'npm' | 'pnpm' | 'yarn' | 'bun'; text: string }[] = []
  for (const [file, manager] of lockfiles) {
    // bun.lockb is no text: that it is there is all that counts.
    const text = file.endsWith('b')
      ? await existingFile(root, file)
      : await readProjectFile(root, file, options)
    if (text !== undefined) found.push({ file, manager, text })
  }
  const wanted = packageManagerOf(document.packageManager)
  const lock = wanted ? found.find(({ manager }) => manager === wanted.name) : found[0]
  const family = wanted?.name ?? lock?.manager ?? 'npm'
  const name = family === 'yarn' ? yarnOf(wanted?.version, lock?.text) : family
  const version = wanted?.version ?? versionByLock(name, lock?.text) ?? defaultVersions[name]
  return {
    name,
    version,
    ...(lock ? { lockfile: lock.file } : {}),
    from: wanted ? '"packageManager" of package.json' : (lock?.file ?? 'nothing says otherwise'),
    unused: found.filter(({ manager }) => manager !== family).map(({ file }) => file),
  }
}

async function existingFile(root: string, file: string): Promise<string | undefined> {
  const [{ existsSync }, { join }] = await Promise.all([import('node:fs'), import('node:path')])
  return existsSync(join(root, file)) ? '' : undefined
}

/** `pnpm@10.20.0+sha512.…` */
function packageManagerOf(
  field: unknown,
): { name: 'npm' | 'pnpm' | 'yarn' | 'bun'; version: string } | undefined {
  if (field === undefined) return undefined
  const [, name = '', version = ''] =
    /^([a-z]+)@(\d+\.\d+\.\d+[^+]*)/u.exec(typeof field === 'string' ? field : '') ?? []
  if (name === 'npm' || name === 'pnpm' || name === 'yarn' || name === 'bun') return { name, version }
  throw new InitError(
    'INIT_MANAGER_UNKNOWN',
    `package.json asks for the package manager ${JSON.stringify(field)}`,
    {
      kind: 'usage',
      hint: 'write "packageManager": "npm@11.6.0", or pnpm, yarn or bun with an exact version',
      details: { packageManager: field },
    },
  )
}

function yarnOf(version: string | undefined, lock: string | undefined): 'yarn' | 'yarn-classic' {
  if (version !== undefined) return version.startsWith('1.') ? 'yarn-classic' : 'yarn'
  return lock === undefined || /^__metadata:/mu.test(lock) ? 'yarn' : 'yarn-classic'
}

/** pnpm's lockfile says by its format which majors read it without writing it anew. */
function versionByLock(name: PackageManager, lock: string | undefined): string | undefined {
  if (name !== 'pnpm') return undefined
  const format = /^lockfileVersion:\s*['"]?(\d+)/mu.exec(lock ?? '')?.[1]
  return format === '5' ? '7' : format === '6' ? '8' : undefined
}
