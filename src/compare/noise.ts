/** Files that differ between two builds of the same thing, and do not matter to what the image does. */
import type { FileDifference } from './comparison.ts'

interface Noise {
  readonly path: RegExp
  /** only a different content is noise: that one side has no such file is not */
  readonly contentOnly?: boolean
  readonly why: string
}

const noises: readonly Noise[] = [
  { path: /^var\/log\/./u, why: 'logs' },
  { path: /^var\/cache\/./u, why: 'caches of apt, debconf and ldconfig' },
  { path: /^var\/lib\/apt\/lists\/./u, why: 'package lists of apt' },
  {
    path: /^var\/lib\/dpkg\/(?:status-old|diversions-old|statoverride-old|lock|lock-frontend)$/u,
    why: "dpkg's backups and locks",
  },
  { path: /^etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-$/u, why: 'backups that useradd leaves' },
  { path: /^(?:tmp|var\/tmp|run)\/./u, why: 'temporary files' },
  { path: /^(?:root|home\/[^/]+)\/\.npm(?:\/|$)/u, why: "npm's cache and logs" },
  {
    path: /^(?:root|home\/[^/]+)\/\.(?:cache|yarn|node-gyp)(?:\/|$)/u,
    why: 'caches of package managers and node-gyp',
  },
  { path: /^(?:root|home\/[^/]+)\/\.local\/(?:share|state)\/pnpm(?:\/|$)/u, why: "pnpm's store and state" },
  { path: /^usr\/local\/share\/\.cache(?:\/|$)/u, why: "Yarn's cache" },
  {
    path: /(?:^|\/)node_modules\/(?:\.modules\.yaml|\.pnpm-workspace-state[^/]*\.json|\.yarn-integrity|\.yarn-state\.yml|\.pnpm\/lock\.yaml)$/u,
    contentOnly: true,
    why: 'a record of the package manager, with times and settings of the install',
  },
]

/** Why a difference is noise; undefined when it is not. */
export function noiseOf({ path, kind }: FileDifference): string | undefined {
  const changed = kind === 'content' || kind === 'time'
  return noises.find((noise) => noise.path.test(path) && (changed || !noise.contentOnly))?.why
}
