import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkLockfile, chooseLockfile, type PackageLock, parsePackageLock } from '../../lockfile/index.ts'
import type { Project } from '../../project/index.ts'

/**
 * The project's lock, checked against every package.json; an empty one for a project without dependencies and without
 * lockfile. Throws `LockfileError`.
 */
export async function readLock(
  project: Project,
  { legacyPeerDeps }: { legacyPeerDeps: boolean },
): Promise<PackageLock> {
  const packageJsons = new Map([
    ['', project.rootPackage.document],
    ...project.workspaces.map((workspace) => [workspace.folder, workspace.packageJson.document] as const),
  ])
  const names = await readdir(project.root)
  if (!names.some((name) => /lock|shrinkwrap/.test(name)) && hasNoDependencies(packageJsons.values())) {
    return parsePackageLock(
      JSON.stringify({ lockfileVersion: 3, packages: { '': project.rootPackage.document } }),
      'package.json',
    )
  }
  const file = chooseLockfile(names)
  const lock = parsePackageLock(await readFile(join(project.root, file), 'utf8'), file)
  return checkLockfile(lock, { packageJsons, legacyPeerDeps })
}

function hasNoDependencies(documents: Iterable<Readonly<Record<string, unknown>>>): boolean {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'workspaces']
  return [...documents].every((document) =>
    kinds.every((kind) => Object.keys((document[kind] as object) ?? {}).length === 0),
  )
}
