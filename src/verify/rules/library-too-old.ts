import type { MissingVersion } from '../loader/dynamic-loader.ts'
import type { PlatformRule } from '../rule.ts'

/** A program or addon that needs newer symbol versions than the image's libraries have: `GLIBC_2.38` on glibc 2.36. */
export const libraryTooOld: PlatformRule = {
  id: 'image/library-too-old',
  severity: 'error',
  *check(image) {
    for (const binary of image.sound) {
      const loading = image.loadingOf(binary)
      if (loading === undefined) continue
      for (const problems of byLibrary(loading.versions)) {
        const { neededBy, library } = problems[0] as MissingVersion
        const wanted = problems.map(({ version }) => version).sort(compareVersions)
        const highest = wanted.at(-1) ?? ''
        const newest = newestOf(library.elf.versionDefinitions, highest)
        const through = neededBy.node === binary.file ? '' : ` (through ${neededBy.node.path})`
        yield {
          file: binary.file,
          message: `needs ${highest}${through}, the image's ${library.elf.soname ?? library.node.path} has ${newest ?? 'no version of that name'}`,
          hint: 'use a base image with a newer C library (Debian 12 has glibc 2.36, Debian 13 has 2.41), or a version of the package that was built on an older system',
          details: { needed: wanted, found: newest ?? null, library: library.node.path },
        }
      }
    }
  },
}

function byLibrary(versions: readonly MissingVersion[]): MissingVersion[][] {
  const groups = new Map<string, MissingVersion[]>()
  for (const missing of versions) {
    const prefix = /^[^0-9]*/.exec(missing.version)?.[0] ?? ''
    const key = `${missing.neededBy.node.path}\0${missing.library.node.path}\0${prefix}`
    groups.set(key, [...(groups.get(key) ?? []), missing])
  }
  return [...groups.values()]
}

/** The newest defined version of the same series, such as `GLIBC_`. */
function newestOf(definitions: readonly string[], wanted: string): string | undefined {
  const prefix = /^[^0-9]*/.exec(wanted)?.[0] ?? ''
  return definitions
    .filter((version) => version.startsWith(prefix) && /^[0-9.]+$/.test(version.slice(prefix.length)))
    .sort(compareVersions)
    .at(-1)
}

function compareVersions(a: string, b: string): number {
  const numbers = (version: string) =>
    version
      .replace(/^[^0-9]*/, '')
      .split('.')
      .map(Number)
  const [left, right] = [numbers(a), numbers(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
