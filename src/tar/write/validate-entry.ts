/** What an entry must be like before it is written: the reader on the other side is not to be trusted with odd values. */
import type { LayerEntry } from '../entry.ts'
import { TarError, type TarErrorCode } from '../tar-error.ts'

const maxPathBytes = 4096 // Linux's PATH_MAX
const maxDevice = 0o7777777

/** Throws `TarError` `TAR_UNSAFE_PATH` or `TAR_INVALID_ENTRY` for an entry that must not or cannot be written. */
export function validateEntry(entry: LayerEntry): void {
  const refuse = (code: TarErrorCode, what: string): never => {
    throw new TarError(code, `cannot write the layer: ${JSON.stringify(entry.path)} ${what}`, {
      kind: 'usage',
      details: { path: entry.path },
    })
  }
  const unsafe = pathFault(entry.path, entry.type === 'directory')
  if (unsafe) refuse('TAR_UNSAFE_PATH', unsafe)
  const fault = linkFault(entry) ?? numberFault(entry) ?? contentFault(entry) ?? textFault(entry)
  if (fault) refuse('TAR_INVALID_ENTRY', fault)
}

function pathFault(path: string, isDirectory: boolean): string | undefined {
  if (path === '') return isDirectory ? undefined : 'is empty'
  if (path.includes('\0')) return 'has a NUL byte'
  if (/(^|\/)(\.{0,2})(\/|$)/.test(path)) return "has an empty, '.' or '..' segment"
  return Buffer.byteLength(path) >= maxPathBytes ? `is longer than ${maxPathBytes - 1} bytes` : undefined
}

function linkFault({ type, linkPath }: LayerEntry): string | undefined {
  if (type !== 'symlink' && type !== 'hardlink') {
    return linkPath === undefined ? undefined : `is a ${type} with a link target`
  }
  if (linkPath === undefined || linkPath === '') return `is a ${type} without a target`
  if (type === 'symlink') return linkPath.includes('\0') ? 'has a link target with a NUL byte' : undefined
  const fault = pathFault(linkPath, false)
  return fault && `has a link target that ${fault}`
}

function numberFault(entry: LayerEntry): string | undefined {
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0
  if (!isCount(entry.mode) || entry.mode > 0o7777) return `has mode ${entry.mode}`
  if (!isCount(entry.uid) || !isCount(entry.gid)) return `has owner ${entry.uid}:${entry.gid}`
  if (!Number.isSafeInteger(entry.mtime)) return `has a modification time of ${entry.mtime} seconds`
  if (!isCount(entry.size)) return `has a size of ${entry.size} bytes`
  const isDevice = entry.type === 'character-device' || entry.type === 'block-device'
  const numbers = [entry.devmajor, entry.devminor]
  if (!isDevice)
    return numbers.some((n) => n !== undefined) ? `is a ${entry.type} with a device number` : undefined
  const sound = numbers.every((n) => n !== undefined && isCount(n) && n <= maxDevice)
  return sound ? undefined : `has device number ${entry.devmajor}:${entry.devminor}`
}

function contentFault({ type, size, content }: LayerEntry): string | undefined {
  if (type !== 'file') return size === 0 && !content ? undefined : `is a ${type} with content`
  return size === 0 || content ? undefined : `has no content although it is ${size} bytes long`
}

function textFault({ uname = '', gname = '', xattrs }: LayerEntry): string | undefined {
  if (uname.includes('\0') || gname.includes('\0')) return "has a NUL byte in its owner's name"
  const name = [...(xattrs?.keys() ?? [])].find((key) => key === '' || /[=\0]/.test(key))
  return name === undefined ? undefined : `has an extended attribute named ${JSON.stringify(name)}`
}
