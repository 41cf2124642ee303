/** A package that was decided on: what identifies it, where it is, and what its unpacking depends on. */
import { z } from 'zod'
import type { PromisedFile } from '../archive/package-file.ts'

const relation = z.object({
  name: z.string(),
  constraint: z.object({ operator: z.enum(['<<', '<=', '=', '>=', '>>']), version: z.string() }).optional(),
})

export const resolvedPackageSchema = z.object({
  name: z.string(),
  version: z.string(),
  architecture: z.string(),
  multiArch: z.string(),
  source: z.object({ name: z.string(), version: z.string() }),
  replaces: z.array(relation),
  archiveUri: z.string(),
  filename: z.string(),
  size: z.number(),
  sha256: z.string(),
})

export type ResolvedPackage = z.infer<typeof resolvedPackageSchema>

/** The .deb as a file of its archive. */
export function fileOf({ archiveUri, filename, size, sha256 }: ResolvedPackage): PromisedFile {
  return { urls: [`${archiveUri}/${filename}`], size, sha256 }
}
