/** Reading the small text files of a repository: bounded, strictly UTF-8, without a byte order mark. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, codeOf, messageOf, throwIfAborted } from '../base/index.ts'
import {
  formatPlace,
  type JsonDialect,
  type JsonNode,
  jsonValue,
  parseJsonTree,
  rangeAt,
} from './json-tree.ts'
import { ProjectError, type ProjectErrorCode } from './project-error.ts'

/** The largest configuration file that we read; real ones are a thousandth of it. */
const maxFileBytes = 8 * 1024 * 1024

/**
 * The text of `<root>/<file>`, or undefined when there is no such file. Throws `ProjectError` `FILE_UNREADABLE` when it
 * cannot be read, is no file, is too large, or is not UTF-8.
 */
export async function readProjectFile(
  root: string,
  file: string,
  { signal }: CancelOptions,
): Promise<string | undefined> {
  throwIfAborted(signal)
  const path = join(root, file)
  let bytes: Buffer
  try {
    const facts = await stat(path)
    if (!facts.isFile()) throw unreadable(file, `${file} is not a file`)
    if (facts.size > maxFileBytes) throw unreadable(file, `${file} is larger than ${maxFileBytes} bytes`)
    bytes = await readFile(path)
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause) ?? '')) return undefined
    if (cause instanceof ProjectError) throw cause
    throw unreadable(file, `cannot read ${file}: ${messageOf(cause)}`, cause)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(file, `${file} is not UTF-8 text`, cause)
  }
}

function unreadable(file: string, message: string, cause?: unknown): ProjectError {
  return new ProjectError('FILE_UNREADABLE', message, { kind: 'usage', details: { file }, cause })
}

/** Parses a JSON file of the project. Throws `ProjectError` with `code`, the message naming line and column. */
export function parseProjectJson(text: string, file: string, code: ProjectErrorCode): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return jsonValue(parseProjectJsonTree(text, file, code))
  }
}

/** The same with positions, and for tsconfig's dialect. */
export function parseProjectJsonTree(
  text: string,
  file: string,
  code: ProjectErrorCode,
  dialect: JsonDialect = 'json',
): JsonNode {
  return parseJsonTree(text, dialect, (why, offset) => {
    const place = rangeAt(text, file, offset)
    return new ProjectError(code, `${formatPlace(place)}: ${why}`, { kind: 'usage', details: { ...place } })
  })
}
