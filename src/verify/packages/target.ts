/** Platforms in npm's words. */
import type { Platform } from '../../oci/index.ts'
import type { Target } from './platform-label.ts'

const cpus: Record<string, string> = { amd64: 'x64', '386': 'ia32', ppc64le: 'ppc64' }

export function targetOf(
  { os, architecture, variant }: Platform,
  found: Pick<Target, 'libc' | 'abi' | 'nodeMajor'>,
): Target {
  const armVersion = architecture === 'arm' ? Number.parseInt((variant ?? 'v7').slice(1), 10) : undefined
  return {
    os: os === 'windows' ? 'win32' : os,
    cpu: cpus[architecture] ?? architecture,
    ...(armVersion ? { armVersion } : {}),
    ...found,
  }
}
