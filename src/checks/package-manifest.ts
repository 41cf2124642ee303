/** package.json: its fields from JSON, the places of its keys only where a rule asks for one. */
import type { TextRange } from '../base/index.ts'
import { entryOf, parseYaml, valueAt, type YamlNode } from '../workflow/index.ts'
import type { ProjectFile } from './project-file.ts'

export type DependencyGroup = 'dependencies' | 'optionalDependencies' | 'devDependencies' | 'peerDependencies'

export interface PackageManifest {
  readonly file: ProjectFile
  readonly document: Readonly<Record<string, unknown>>
  readonly type: string | undefined
  readonly packageManager: string | undefined
  readonly scripts: ReadonlyMap<string, string>
  /** the names in a group of dependencies */
  readonly dependencies: (group: DependencyGroup) => readonly string[]
  /** where the key below a path of keys stands, and where its value */
  readonly place: (...path: string[]) => { key: TextRange; value: TextRange }
}

/** The manifest; none when the file is no JSON object (a rule of its own says so). */
export function readPackageManifest(file: ProjectFile): PackageManifest[] {
  const document = objectIn(file.text)
  if (!document) return []
  let tree: YamlNode | undefined
  return [
    {
      file,
      document,
      type: textOf(document.type),
      packageManager: textOf(document.packageManager),
      scripts: new Map(
        Object.entries(recordOf(document.scripts)).flatMap(([name, script]) =>
          typeof script === 'string' ? [[name, script] as const] : [],
        ),
      ),
      dependencies: (group) => Object.keys(recordOf(document[group])),
      place(...path) {
        // JSON is YAML, except for tabs.
        tree ??= parseYaml(file.text.replaceAll('\t', ' ')).documents[0]
        const entry = entryOf(valueAt(tree, ...path.slice(0, -1)), path.at(-1) ?? '')
        const start = { start: 0, end: 0 }
        return { key: entry?.keyRange ?? start, value: entry?.value.range ?? start }
      },
    },
  ]
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
