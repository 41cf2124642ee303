/** node-gyp-build's choice among the files of one `prebuilds/<platform>-<arch>` folder, by the tags in their names. */
import type { Target } from './platform-label.ts'

interface Tags {
  file: string
  runtime?: string
  nodeApi?: boolean
  abi?: number
  armVersion?: string
  libc?: string
  /** how many tags the name has */
  specificity: number
}

/** The preferred file; undefined when none will be taken. */
export function choosePrebuild(files: readonly string[], target: Target): string | undefined {
  return files
    .map(tagsOf)
    .filter((tags) => matches(tags, target))
    .sort(preference)[0]?.file
}

function tagsOf(file: string): Tags {
  const tags: Tags = { file, specificity: 0 }
  for (const tag of file.split('.').slice(0, -1)) {
    if (tag === 'node' || tag === 'electron' || tag === 'node-webkit') tags.runtime = tag
    else if (tag === 'napi') tags.nodeApi = true
    else if (tag.startsWith('abi')) tags.abi = Number(tag.slice(3))
    else if (tag.startsWith('armv')) tags.armVersion = tag.slice(4)
    else if (tag === 'glibc' || tag === 'musl') tags.libc = tag
    else if (!tag.startsWith('uv')) continue
    tags.specificity++
  }
  return tags
}

function matches({ runtime, nodeApi, abi, armVersion, libc }: Tags, target: Target): boolean {
  if (runtime !== undefined && runtime !== 'node') return false
  if (abi !== undefined && target.abi !== undefined && abi !== target.abi && !nodeApi) return false
  const ownArm = target.cpu === 'arm64' ? '8' : String(target.armVersion ?? '')
  if (armVersion !== undefined && armVersion !== ownArm) return false
  return libc === undefined || target.libc === undefined || libc === target.libc
}

function preference(a: Tags, b: Tags): number {
  if (a.runtime !== b.runtime) return a.runtime === 'node' ? -1 : 1
  if (a.abi !== b.abi) return a.abi !== undefined ? -1 : 1
  return b.specificity - a.specificity
}
