/** package.json with positions. */
import { entriesAt, parseYaml, textOf, valueAt, type YamlEntry, type YamlMap } from '../workflow/index.ts'
import type { ProjectFile } from './project-file.ts'

export interface PackageManifest {
  readonly file: ProjectFile
  readonly root: YamlMap
  readonly type: string | undefined
  readonly packageManager: string | undefined
  readonly scripts: ReadonlyMap<string, string>
  /** the entries of a group of dependencies */
  readonly dependencies: (group: DependencyGroup) => readonly YamlEntry[]
}

export type DependencyGroup = 'dependencies' | 'optionalDependencies' | 'devDependencies' | 'peerDependencies'

/** The manifest; none when the file is not an object (a rule of its own says so). JSON is read as the YAML that it is. */
export function readPackageManifest(file: ProjectFile): PackageManifest[] {
  const root = parseYaml(file.text.replaceAll('\t', ' ')).documents[0]
  if (root?.kind !== 'map') return []
  return [
    {
      file,
      root,
      type: textOf(root, 'type'),
      packageManager: textOf(root, 'packageManager'),
      scripts: new Map(
        entriesAt(root, 'scripts').flatMap(({ key, value }) =>
          value.kind === 'scalar' ? [[key, value.text] as const] : [],
        ),
      ),
      dependencies: (group) => (valueAt(root, group)?.kind === 'map' ? entriesAt(root, group) : []),
    },
  ]
}
