/** A package that was decided on: what identifies it, where it is, and what its unpacking depends on. */
import type { PromisedFile } from '../archive/package-file.ts'
import type { ArchivePackage } from '../archive/package-index.ts'

export type ResolvedPackage = Pick<
  ArchivePackage,
  | 'name'
  | 'version'
  | 'architecture'
  | 'multiArch'
  | 'source'
  | 'replaces'
  | 'archiveUri'
  | 'filename'
  | 'size'
  | 'sha256'
>

/** For records of earlier runs. */
export const resolvedPackageShape = {
  name: 'string',
  version: 'string',
  architecture: 'string',
  multiArch: 'string',
  source: 'object',
  replaces: 'object',
  archiveUri: 'string',
  filename: 'string',
  size: 'number',
  sha256: 'string',
} as const satisfies Record<keyof ResolvedPackage, string>

/** Leaves out what only the choice of packages needs. */
export function toResolved(found: ArchivePackage): ResolvedPackage {
  const { name, version, architecture, multiArch, source, replaces, archiveUri, filename, size, sha256 } =
    found
  return { name, version, architecture, multiArch, source, replaces, archiveUri, filename, size, sha256 }
}

/** The .deb as a file of its archive. */
export function fileOf({ archiveUri, filename, size, sha256 }: ResolvedPackage): PromisedFile {
  return { urls: [`${archiveUri}/${filename}`], size, sha256 }
}
