/** Packages on disk, as npm would unpack them. */
import { lstat, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type CancelOptions, collect, mapConcurrently } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import { executableFile } from './executable-file.ts'
import { cameBundled, ownFiles } from './own-files.ts'
import type { PackageSource } from './package-source.ts'
import type { PlacedPackage, Placement } from './plan-node-modules.ts'
import { type OpenPackage, unpackAhead } from './unpack-ahead.ts'
import type { PackageFile } from './unpack-package.ts'

export interface WritePackagesOptions extends CancelOptions {
  /** the project's root: locations are relative to it */
  folder: string
  source: PackageSource
  /** called after each package or link was written */
  written?: (open: OpenPackage) => Promise<void>
}

/** Packages unpacked before they are written, and files written at once. */
const packagesAhead = 6
const filesAtOnce = 16

/** Writes the packages and links of a placement. What they were of is not removed before. Throws `NpmError`. */
export async function writePackages(
  { packages, binLinks }: Placement,
  { folder, source, written, signal }: WritePackagesOptions,
): Promise<void> {
  for await (const open of unpackAhead(packages, source, packagesAhead, { signal })) {
    const { placed, content } = open
    const { location } = placed.package
    if (!content) await writeLink(folder, placed.package)
    else if (!cameBundled(placed, await exists(join(folder, location)))) {
      const files = ownFiles(location, content.files, packages)
      await writePackage(join(folder, location), placed, files, signal)
    }
    await written?.(open)
  }
  for (const { path, target } of binLinks) await writeBinLink(join(folder, path), target)
}

async function writePackage(
  folder: string,
  { executables }: PlacedPackage,
  files: readonly PackageFile[],
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { type, path } of files)
    if (type === 'directory') await mkdir(join(folder, path), { recursive: true })
  const contents = files.filter(({ type }) => type === 'file')
  const write = async (file: PackageFile) => {
    const isExecutable = executables.includes(file.path)
    await writeContent(folder, isExecutable ? await executableFile(file, signal) : file, signal)
  }
  await mapConcurrently(contents, filesAtOnce, write, { signal })
}

/** Above this size a file is written as a stream. */
const writtenAtOnce = 1 << 20

async function writeContent(
  folder: string,
  { path, size, mode, content }: PackageFile,
  signal: AbortSignal,
): Promise<void> {
  const stream = content({ signal })
  const data = size > writtenAtOnce ? stream : await collect(stream, size, path)
  await writeFile(join(folder, path), data, { mode })
}

async function writeLink(root: string, { location, target }: LockedPackage): Promise<void> {
  const path = join(root, location)
  await mkdir(dirname(path), { recursive: true })
  await symlink(relative(dirname(path), join(root, target ?? '')) || '.', path, 'junction')
}

/** As npm, no link to what is not there. */
async function writeBinLink(path: string, target: string): Promise<void> {
  if (!(await exists(join(dirname(path), target)))) return
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path)
}

export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
