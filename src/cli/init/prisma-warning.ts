import { posix } from 'node:path'
import { type CancelOptions } from '../../base/index.ts'
import { type PackageJson, readProjectFile } from '../../project/index.ts'
import { type FoundPackages, productionNames } from './find-packages.ts'

/**
 * Prisma's client is written by an install script into node_modules, which no stage runs. Undefined where nothing is to be
 * said: no Prisma, or a build that writes the client into the sources.
 */
export async function prismaWarning(
  root: string,
  { app, root: rootPackage }: FoundPackages,
  options: CancelOptions,
): Promise<string | undefined> {
  const packages = [app.packageJson, rootPackage]
  if (!packages.some((one) => productionNames(one).includes('@prisma/client'))) return undefined
  const schema = await readProjectFile(root, posix.join(app.folder, 'prisma/schema.prisma'), options)
  const isBuilt = packages.some(generates)
  const isOwn = schema === undefined || /^\s*output\s*=/mu.test(schema)
  if (isBuilt && isOwn) return undefined
  const missing = [
    ...(isOwn
      ? []
      : ['give the generator an output among the sources and a binaryTargets entry for each platform']),
    ...(isBuilt ? [] : ['let the build script run prisma generate']),
  ]
  return `Prisma's client is generated into node_modules by an install script, which no stage runs: ${missing.join(', and ')}`
}

function generates({ scripts }: PackageJson): boolean {
  return ['build', 'prebuild'].some((name) => /\bprisma generate\b/u.test(scripts[name] ?? ''))
}
