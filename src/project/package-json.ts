/**
 * package.json. Fields that decide how a service is built and started are checked for their type: a wrong one is an error
 * that names line and column, never a guess. Fields that only describe the package (they become labels) are taken in
 * their legacy forms too and are otherwise ignored.
 */
import { stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type CancelOptions, codeOf } from '../base/index.ts'
import { formatPlace, nodeAt, rangeAt } from './json-tree.ts'
import { parseProjectJson, parseProjectJsonTree, readProjectFile } from './project-file.ts'
import { ProjectError } from './project-error.ts'

/** The parts of a package.json that decide how a service is built and started, each checked for its type. */
export interface PackageJson {
  /** the file as messages name it, relative to the project's root: `package.json`, `packages/api/package.json` */
  readonly file: string
  /** the whole document, for fields that are not listed here */
  readonly document: Readonly<Record<string, unknown>>
  readonly name?: string
  readonly version?: string
  readonly description?: string
  /** SPDX expression */
  readonly license?: string
  readonly homepage?: string
  /** `Name <mail>` */
  readonly author?: string
  /** the `url` of `repository`, as written there */
  readonly repository?: string
  readonly type: 'module' | 'commonjs'
  readonly main?: string
  /** command name → path; the text form is normalised to the package's own name without scope */
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  /** absent when the package has no `files`; an empty list is a list */
  readonly files?: readonly string[]
  /** globs of workspace folders, empty when there are none */
  readonly workspaces: readonly string[]
  readonly engines: Readonly<Record<string, string>>
}

/**
 * Reads `<root>/<folder>/package.json` (`folder` relative to `root`, `''` for the root itself).
 * Throws `ProjectError` `PROJECT_NOT_FOUND`, `PACKAGE_JSON_MISSING` or `PACKAGE_JSON_INVALID`.
 */
export async function readPackageJson(
  root: string,
  folder: string,
  options: CancelOptions,
): Promise<PackageJson> {
  const file = posix.join(folder, 'package.json')
  const text = await readProjectFile(root, file, options)
  if (text === undefined) throw await missing(root, folder, file)
  return parsePackageJson(text, file)
}

async function missing(root: string, folder: string, file: string): Promise<ProjectError> {
  const path = join(root, folder)
  const isFolder = await stat(path).then(
    (facts) => facts.isDirectory(),
    (error: unknown) => codeOf(error) === 'EACCES',
  )
  if (!isFolder) {
    return new ProjectError('PROJECT_NOT_FOUND', `${path} is not a folder`, {
      kind: 'usage',
      hint: 'name the folder that holds the package.json of your service',
      details: { path },
    })
  }
  return new ProjectError('PACKAGE_JSON_MISSING', `${path} has no package.json`, {
    kind: 'usage',
    hint: 'name the folder that holds the package.json of your service, or create one with `npm init`',
    details: { path, file },
  })
}

/** Parses and checks the text of a package.json. Throws `ProjectError` `PACKAGE_JSON_INVALID`. */
export function parsePackageJson(text: string, file: string): PackageJson {
  const value = parseProjectJson(text, file, 'PACKAGE_JSON_INVALID')
  const check = new FieldCheck(text, file)
  if (!isObject(value)) throw check.wrong([], 'a package.json must hold an object', value)
  const name = check.text(value, 'name')
  const files = check.texts(value, 'files')
  return {
    file,
    document: value,
    ...present({ name, version: check.text(value, 'version'), main: check.text(value, 'main') || undefined }),
    ...present(descriptionOf(value)),
    type: moduleType(value, check),
    bin: binOf(value, name, check),
    scripts: check.record(value, 'scripts'),
    ...(files ? { files } : {}),
    workspaces: workspacesOf(value, check),
    engines: check.record(value, 'engines'),
  }
}

type JsonObject = Record<string, unknown>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** Takes fields of a document by type; a wrong one is located by parsing the text again, with positions. */
class FieldCheck {
  readonly #text: string
  readonly #file: string

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
  }

  text(object: JsonObject, key: string): string | undefined {
    const value = object[key]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') throw this.wrong([key], `"${key}" must be a string`, value)
    return value
  }

  texts(object: JsonObject, key: string, path: readonly PropertyKey[] = [key]): string[] | undefined {
    const value = object[key]
    if (value === undefined || value === null) return undefined
    if (!Array.isArray(value))
      throw this.wrong(path, `"${path.join('.')}" must be an array of strings`, value)
    value.forEach((item: unknown, index) => {
      if (typeof item !== 'string')
        throw this.wrong([...path, index], `"${path.join('.')}" must be an array of strings`, item)
    })
    return value as string[]
  }

  record(object: JsonObject, key: string): Record<string, string> {
    const value = object[key]
    if (value === undefined || value === null) return {}
    if (!isObject(value)) throw this.wrong([key], `"${key}" must be an object of strings`, value)
    for (const [name, item] of Object.entries(value)) {
      if (typeof item !== 'string') throw this.wrong([key, name], `"${key}.${name}" must be a string`, item)
    }
    return value as Record<string, string>
  }

  wrong(path: readonly PropertyKey[], rule: string, value: unknown): ProjectError {
    const tree = parseProjectJsonTree(this.#text, this.#file, 'PACKAGE_JSON_INVALID')
    const node = nodeAt(tree, path)
    const place = rangeAt(this.#text, this.#file, node.start, node.end)
    return new ProjectError('PACKAGE_JSON_INVALID', `${formatPlace(place)}: ${rule}, not ${kindOf(value)}`, {
      kind: 'usage',
      details: { ...place, path: path.map(String) },
    })
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  return JSON.stringify(value) ?? 'nothing'
}

function moduleType(value: JsonObject, check: FieldCheck): PackageJson['type'] {
  const type = check.text(value, 'type') ?? 'commonjs'
  if (type !== 'module' && type !== 'commonjs')
    throw check.wrong(['type'], '"type" must be "module" or "commonjs"', type)
  return type
}

function binOf(value: JsonObject, name: string | undefined, check: FieldCheck): Record<string, string> {
  const bin = value.bin
  if (typeof bin !== 'string') return check.record(value, 'bin')
  if (!name)
    throw check.wrong(['bin'], '"bin" as a string needs a package "name" to call the command by', bin)
  return { [name.replace(/^@[^/]*\//, '')]: bin }
}

function workspacesOf(value: JsonObject, check: FieldCheck): string[] {
  // The object form is Yarn's; npm reads it too.
  if (isObject(value.workspaces))
    return check.texts(value.workspaces, 'packages', ['workspaces', 'packages']) ?? []
  return check.texts(value, 'workspaces') ?? []
}

function descriptionOf(value: JsonObject) {
  const licenses = Array.isArray(value.licenses)
    ? value.licenses.map((item: unknown) => named(item, 'type'))
    : []
  return {
    description: named(value.description),
    license: named(value.license, 'type') ?? (licenses.filter(Boolean).join(' OR ') || undefined),
    homepage: named(value.homepage, 'url'),
    author: personOf(value.author),
    repository: named(value.repository, 'url'),
  }
}

/** A non-empty text, or the text under `key` of an object; anything else is as good as absent. */
function named(value: unknown, key?: string): string | undefined {
  const text = key !== undefined && isObject(value) ? value[key] : value
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined
}

/** `Name <mail>` of either form of `author`; an address of a web page is dropped. */
function personOf(author: unknown): string | undefined {
  if (typeof author === 'string') return author.replace(/\s*\([^)]*\)/, '').trim() || undefined
  if (!isObject(author)) return undefined
  const name = named(author.name)
  const mail = named(author.email)
  return name && mail ? `${name} <${mail}>` : (name ?? mail)
}
