/** Looks at a binary that was made or fetched before anything is built on it: is it for the platform, and will it be loaded there. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { elfPlatform, type Elf, isElf, parseElf } from '../../elf/index.ts'
import { canServe } from '../../oci/index.ts'
import { AddonError } from '../addon-error.ts'
import type { AddonTask } from './addon-task.ts'

/** Parses it. Throws `AddonError` `ADDON_BINARY_WRONG` when it is not for the task's platform and C library. */
export function checkBinary(
  bytes: Uint8Array,
  path: string,
  { name, platform, target }: AddonTask,
  origin: string,
): Elf {
  const elf = isElf(bytes) ? parseElf(bytes) : undefined
  const wrong = (what: string) =>
    new AddonError('ADDON_BINARY_WRONG', `${name}: ${path} ${what}`, {
      kind: 'environment',
      hint: `${origin}; the image is for ${platform} with ${target.libc}`,
      details: { package: name, platform, path },
    })
  if (!elf) throw wrong('is no ELF file')
  const offered = elfPlatform(elf)
  if (!offered || !canServe(offered, target.platform)) throw wrong(`is for ${elf.machineName}`)
  if (elf.libc !== undefined && elf.libc !== target.libc) throw wrong(`is linked against ${elf.libc}`)
  if (elf.damage[0] !== undefined) throw wrong(`is damaged: ${elf.damage[0]}`)
  const floor = newestGlibc(elf)
  if (target.glibc !== undefined && floor !== undefined && isNewer(floor, target.glibc))
    throw wrong(`needs glibc ${floor}, the base image has ${target.glibc}`)
  return elf
}

/** The newest version of glibc whose symbols a file asks for. */
function newestGlibc({ versionNeeds }: Elf): string | undefined {
  return versionNeeds
    .flatMap(({ versions }) => versions)
    .flatMap((version) => /^GLIBC_(2\.\d+)/.exec(version)?.[1] ?? [])
    .reduce<string | undefined>(
      (best, each) => (best !== undefined && !isNewer(each, best) ? best : each),
      undefined,
    )
}

function isNewer(one: string, other: string): boolean {
  const minor = (text: string) => Number(text.split('.')[1])
  return minor(one) > minor(other)
}

/** Libraries that are in every base with Node: C and C++. */
const everywhere =
  /^(?:libc\.so|libm\.so|libdl\.so|libpthread\.so|librt\.so|libutil\.so|libresolv\.so|libstdc\+\+\.so|libgcc_s\.so|libatomic\.so|ld-linux|ld64\.so|linux-vdso|libc\.musl-|ld-musl-)/

export interface LibrarySearch {
  /** root of the sysroot */
  folder: string
  tuple: string
  /** package by path */
  owners: ReadonlyMap<string, string>
}

/**
 * The packages whose libraries a binary asks for, directly. Throws `AddonError` `ADDON_BINARY_WRONG` when a library of the
 * sysroot does not have what it asks for, `ADDON_LIBRARY_MISSING` when there is no such library.
 */
export async function neededPackages(
  elf: Pick<Elf, 'needed' | 'versionNeeds'>,
  ownLibraries: ReadonlySet<string>,
  { folder, tuple, owners }: LibrarySearch,
  { name, platform }: Pick<AddonTask, 'name' | 'platform'>,
): Promise<string[]> {
  const packages = new Set<string>()
  for (const library of elf.needed) {
    if (ownLibraries.has(library)) continue
    const places = [`usr/lib/${tuple}/${library}`, `usr/lib/${library}`]
    const wanted = elf.versionNeeds.find((need) => need.library === library)?.versions ?? []
    const found = await libraryAt(folder, places)
    if (!found) {
      if (everywhere.test(library)) continue
      throw new AddonError('ADDON_LIBRARY_MISSING', `${name} for ${platform} asks for ${library}`, {
        kind: 'usage',
        hint: `no package that it was compiled against has that library: name the Debian package under "addons": {"${nameOf(name)}": {"packages": […]}}`,
        details: { package: name, platform, library },
      })
    }
    const lacking = wanted.filter((version) => !found.elf.versionDefinitions.includes(version))
    if (lacking.length > 0 && found.elf.versionDefinitions.length > 0) {
      throw new AddonError(
        'ADDON_BINARY_WRONG',
        `${name} for ${platform} asks for ${lacking.join(', ')}, which ${library} of the base image does not have`,
        {
          kind: 'environment',
          hint: 'the compiler of this machine is newer than the base: install clang and lld, or take a newer base',
          details: { package: name, platform, library, versions: lacking },
        },
      )
    }
    const owner = owners.get(found.path)
    if (!everywhere.test(library) && owner !== undefined) packages.add(owner)
  }
  return [...packages].sort()
}

function nameOf(nameAndVersion: string): string {
  return nameAndVersion.slice(0, nameAndVersion.lastIndexOf('@'))
}

async function libraryAt(
  root: string,
  places: readonly string[],
): Promise<{ path: string; elf: Elf } | undefined> {
  for (const path of places) {
    const bytes = await readFile(join(root, path)).catch(() => undefined)
    const elf = bytes && isElf(bytes) ? parseElf(bytes) : undefined
    if (elf) return { path, elf }
  }
  return undefined
}

/** A library of the sysroot by its file name, for those that are opened by name at run time. */
export async function packageOfLibrary(
  library: string,
  { folder, tuple, owners }: LibrarySearch,
): Promise<string | undefined> {
  for (const path of [`usr/lib/${tuple}`, 'usr/lib']) {
    const names: string[] = await readdir(join(folder, path)).catch(() => [])
    if (names.includes(library)) return owners.get(`${path}/${library}`)
  }
  return undefined
}
