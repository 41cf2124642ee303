/** musl for two architectures: Debian's own packages, and what makes its compilers for glibc compile for musl. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, cached } from './cache.ts'
import { debianFolder } from './debian.ts'
import { run } from './run.ts'

const triplets = { amd64: 'x86_64-linux-musl', arm64: 'aarch64-linux-musl' } as const
export type MuslArchitecture = keyof typeof triplets

/** Its development files depend on a compiler, which is not wanted: only they are unpacked. */
const addHeaders = `cd "$1" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --quiet download musl-dev && dpkg-deb --extract musl-dev_*.deb . && rm musl-dev_*.deb`

/** The folder with musl's loader, its path file, headers and start files; `ensureMusl` fills it. */
export function muslFolder(architecture: MuslArchitecture): string {
  return join(cacheFolder, `musl-${architecture}`)
}

/** The options with which GCC for the architecture compiles and links for musl instead of glibc. */
export function muslFlags(architecture: MuslArchitecture): string[] {
  return [`-specs=${muslFolder(architecture)}/gcc.specs`]
}

/** Fetches what the architectures need. Needs root. */
export async function ensureMusl(architectures: readonly MuslArchitecture[]): Promise<void> {
  for (const architecture of architectures) {
    await cached(`musl-${architecture}`, async (folder) => {
      const packages = await debianFolder({
        suite: 'bookworm',
        architecture,
        packages: ['musl'],
        options: [`--extract-hook=${addHeaders}`],
        recipe: addHeaders,
      })
      await run('cp', ['--archive', `${packages}/.`, folder])
      await writeFile(join(folder, 'gcc.specs'), await specsFor(folder, architecture))
    })
  }
}

/** musl's own options for GCC, which name the folders of an installed musl, for the one in the cache. */
async function specsFor(folder: string, architecture: MuslArchitecture): Promise<string> {
  const [root, triplet] = [muslFolder(architecture), triplets[architecture]]
  const installed = await readFile(join(folder, 'usr/lib', triplet, 'musl-gcc.specs'), 'utf8')
  return installed
    .replaceAll(/\/usr\/(?:include|lib)\//g, (path) => `${root}${path}`)
    .replace('*link_libgcc:\n', (name) => `${name}-L${root}/lib/${triplet} `)
}
