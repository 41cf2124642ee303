/** An installed package with all that it depends on, in a folder that stands for itself. */
import { cp, mkdir, readFile, realpath, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

/**
 * Copies a package into a new folder, and returns the package's path in it. Wherever its dependencies are installed (beside it,
 * above it, behind links), Node finds them from there. What is optional and not installed is left out.
 */
export async function copyPackage(source: string, folder: string): Promise<string> {
  const copies = new Map<string, string>()
  const copy = async (original: string, name: string): Promise<string> => {
    const known = copies.get(original)
    if (known !== undefined) return known
    const modules = join(folder, String(copies.size), 'node_modules')
    const place = join(modules, name)
    copies.set(original, place)
    await mkdir(dirname(place), { recursive: true })
    await cp(original, place, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
    for (const dependency of await dependencyNames(original)) {
      const installed = await installedPackage(dependency, original)
      if (installed === undefined) continue
      const other = await copy(installed, dependency)
      const link = join(modules, dependency)
      if (link === other) continue
      await mkdir(dirname(link), { recursive: true })
      await symlink(relative(dirname(link), other), link)
    }
    return place
  }
  return copy(await realpath(source), basename(source))
}

async function dependencyNames(folder: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
    optionalDependencies?: Record<string, string>
  }
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
}

/** Where Node would find a package, going up from the one that asks. */
async function installedPackage(name: string, from: string): Promise<string | undefined> {
  const path = join(from, 'node_modules', name)
  if (await stat(join(path, 'package.json')).catch(() => undefined)) return realpath(path)
  return from === dirname(from) ? undefined : installedPackage(name, dirname(from))
}
