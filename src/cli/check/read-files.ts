/** The files of a project that `check` has rules for. */
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type CancelOptions, CodedError, codeOf, compareText, mapConcurrently } from '../../base/index.ts'
import { fileKindOf, isForeignFolder, maxFileLength } from '../../checks/index.ts'

export interface ProjectFiles {
  /** the folder that paths are relative to */
  root: string
  /** path (with `/`) → text */
  texts: Map<string, string>
  skipped: { file: string; reason: string }[]
  /** the file that was asked for, when it was not a folder */
  only?: string
}

/** Folders below this depth are not looked into. */
const maxDepth = 32

/**
 * Reads them, folder by folder; links to folders are not followed. A file is read with all that lies around it below `cwd`.
 * Throws `CHECK_PATH_MISSING` or `CHECK_PATH_OUTSIDE`.
 */
export async function readFiles(path: string, cwd: string, { signal }: CancelOptions): Promise<ProjectFiles> {
  const facts = await stat(path).catch(() => undefined)
  if (!facts) {
    throw new CodedError('CHECK_PATH_MISSING', `${path} does not exist`, {
      kind: 'usage',
      hint: 'give the folder of a project, or one file',
    })
  }
  const root = facts.isDirectory() ? path : cwd
  const only = facts.isDirectory() ? undefined : relative(cwd, path).split(sep).join('/')
  if (only?.startsWith('../')) {
    throw new CodedError('CHECK_PATH_OUTSIDE', `${path} is not below ${cwd}`, {
      kind: 'usage',
      hint: 'a file is checked together with those around it: start in the folder of its project',
    })
  }
  const skipped: ProjectFiles['skipped'] = []
  const names = await listFiles(root, '', skipped, { signal })
  const read = await mapConcurrently(names.sort(compareText), 16, (name) => readText(root, name, skipped), {
    signal,
  })
  const texts = new Map(
    read.flatMap((text, index) => (text === undefined ? [] : [[names[index] as string, text] as const])),
  )
  return { root, texts, skipped, ...(only === undefined ? {} : { only }) }
}

async function listFiles(
  root: string,
  folder: string,
  skipped: ProjectFiles['skipped'],
  { signal }: CancelOptions,
  depth = 0,
): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    skipped.push({ file: folder || '.', reason: `it cannot be read (${codeOf(error) ?? 'unknown'})` })
    return []
  }
  const below = await mapConcurrently(
    entries,
    8,
    async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        const leave = isForeignFolder(entry.name) || depth >= maxDepth
        return leave ? [] : listFiles(root, path, skipped, { signal }, depth + 1)
      }
      return fileKindOf(path) === undefined ? [] : [path]
    },
    { signal },
  )
  return below.flat()
}

async function readText(
  root: string,
  name: string,
  skipped: ProjectFiles['skipped'],
): Promise<string | undefined> {
  try {
    const facts = await stat(join(root, name))
    if (!facts.isFile()) return undefined
    if (facts.size > maxFileLength) {
      skipped.push({ file: name, reason: `larger than ${maxFileLength / 1024 / 1024} MiB` })
      return undefined
    }
    return await readFile(join(root, name), 'utf8')
  } catch (error) {
    skipped.push({ file: name, reason: `it cannot be read (${codeOf(error) ?? 'unknown'})` })
    return undefined
  }
}
