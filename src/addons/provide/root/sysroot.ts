/** What programs for a platform are compiled against: headers and libraries of the base's distribution, in a folder. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { debianSysroot } from '../../../debian/index.ts'
import { AddonError } from '../../addon-error.ts'
import type { AddonTarget, DebianSource } from '../addon-target.ts'
import type { AddonTools } from '../addon-tools.ts'
import { keptFolder } from '../kept-folder.ts'
import { writeRoot } from './write-root.ts'

export interface Sysroot {
  folder: string
  /** equal keys mean equal files, as far as a compiled program shows them */
  key: string
  /** the multiarch tuple, such as `aarch64-linux-gnu` */
  tuple: string
  packages: readonly { name: string; version: string }[]
  /** whether what it holds can be installed into the base, being of the same release */
  ofBase: boolean
}

/** Releases of Debian by the C library that they have, newest first. */
const releases = [
  { suite: 'trixie', glibc: 41 },
  { suite: 'bookworm', glibc: 36 },
  { suite: 'bullseye', glibc: 31 },
]

/** The C library, and what every program in C++ asks for at run time. */
const always = {
  glibc: ['libc6-dev', 'libgcc-s1', 'libstdc++6'],
  musl: ['musl-dev', 'libgcc-s1'],
}

/** Makes the sysroot of a platform with further packages, or takes the one of an earlier run. Throws `AddonError`, `DebianError`. */
export async function openSysroot(
  target: AddonTarget,
  packages: readonly string[],
  { cache, debian }: AddonTools,
  { signal }: CancelOptions,
): Promise<Sysroot> {
  const source = target.debian ?? releaseFor(target)
  const request = { ...source, platform: target.platform, packages: [...always[target.libc], ...packages] }
  const decided = await debianSysroot(request, debian, { signal })
  const folder = await keptFolder(cache, 'sysroots', decided.key, (empty) =>
    writeRoot(decided.entries({ signal }), empty, { signal }),
  )
  const { key } = decided
  const tuple = target.libc === 'musl' ? decided.tuple.replace('-gnu', '-musl') : decided.tuple
  return { folder, key, tuple, packages: decided.packages, ofBase: target.debian !== undefined }
}

/** For a base of another distribution: the newest Debian whose C library is not newer than the base's. */
function releaseFor({ libc, glibc }: AddonTarget): DebianSource {
  // musl is the same everywhere.
  if (libc === 'musl') return { suite: 'bookworm' }
  const minor = Number(/^2\.(\d+)/.exec(glibc ?? '')?.[1] ?? Number.NaN)
  const fitting = releases.find((release) => release.glibc <= minor)
  if (fitting) return { suite: fitting.suite }
  throw new AddonError(
    'ADDON_UNAVAILABLE',
    glibc === undefined
      ? 'the version of the base image’s C library is not known: nothing can be compiled for it'
      : `glibc ${glibc} of the base image is older than that of any Debian which addons could be compiled against`,
    {
      kind: 'usage',
      hint: `take a base of Debian, or of a distribution with glibc 2.${releases.at(-1)?.glibc} or newer`,
    },
  )
}

/** Which package each library of a sysroot is of, by its path. */
export async function libraryOwners({
  folder,
}: Pick<Sysroot, 'folder'>): Promise<ReadonlyMap<string, string>> {
  const info = join(folder, 'var/lib/dpkg/info')
  const owners = new Map<string, string>()
  for (const name of await readdir(info).catch(() => [])) {
    if (!name.endsWith('.list')) continue
    const owner = name.slice(0, -'.list'.length).split(':', 1)[0] as string
    for (const line of (await readFile(join(info, name), 'utf8')).split('\n')) {
      // With merged /usr a package may still say /lib.
      if (/\.so(\.|$)/.test(line)) owners.set(line.replace(/^\/(?:usr\/)?/, 'usr/'), owner)
    }
  }
  return owners
}
