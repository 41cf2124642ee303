/** From a folder to the app layer: what belongs into the image, packed. */
import { lstatSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { CancelOptions, Finding } from '../../../base/index.ts'
import {
  collectOutputs,
  type DependencyOverlay,
  readPackageJson,
  rulesBelow,
  type TreeEntry,
  type Workspace,
} from '../../../project/index.ts'
import { makeLayer } from '../layers/seal-layer.ts'
import type { SealedLayer } from '../layers/sealed-layer.ts'
import type { AppInput } from './app-input.ts'
import { type AppFile, appLayerEntries } from './app-layer.ts'

export interface PackedApp {
  layer: SealedLayer
  /** paths of the packed files and links, relative to the package that is shipped */
  files: readonly string[]
  /** why these */
  reason: string
  findings: readonly Finding[]
}

export interface AppFolder {
  /** absolute path of the project's root: the user's own, or the build folder */
  folder: string
  clean: boolean
  /** what scripts did to node_modules */
  overlay: DependencyOverlay
}

export async function packApp(
  input: AppInput,
  { folder, clean, overlay }: AppFolder,
  { signal }: CancelOptions,
): Promise<PackedApp> {
  const { project, cache, settings, prefix } = input
  const place = { root: folder, clean }
  const shipped = await packageFiles(input, place, project.app, input.include, { signal })
  const files = [...shipped.files]
  const findings = [...shipped.findings, ...overlay.findings]
  for (const linked of input.linkedFolders) {
    const packageJson = await readPackageJson(folder, linked, { signal })
    const selected = await packageFiles(input, place, { folder: linked, packageJson }, undefined, { signal })
    files.push(...selected.files)
    findings.push(...selected.findings)
  }
  files.push(...overlay.write.map((entry) => overlayFile(folder, entry)))
  const watch = { needle: folder, found: (path: string) => findings.push(buildPathFinding(path)) }
  const entries = () =>
    appLayerEntries({
      prefix,
      files,
      remove: overlay.remove,
      mtime: settings.mtime,
      ...(clean ? { watch } : {}),
    })
  const layer = await makeLayer({ createdBy: 'everyarch: app', entries }, cache, settings, { signal })
  return { layer, files: shipped.paths, reason: shipped.reason, findings }
}

interface PackageFiles {
  files: AppFile[]
  /** of files and links, relative to the package */
  paths: string[]
  reason: string
  findings: readonly Finding[]
}

/** What one package of the project puts into the image. */
async function packageFiles(
  input: AppInput,
  { root, clean }: { root: string; clean: boolean },
  { folder, packageJson }: Workspace,
  include: readonly string[] | undefined,
  { signal }: CancelOptions,
): Promise<PackageFiles> {
  const built = input.scripts.some((script) => script.event === 'build')
  const selected = await collectOutputs(join(root, folder), {
    packageJson,
    built,
    signal,
    ...(include ? { include: [...include] } : {}),
    // The user's own folder holds what a clean copy does not.
    ...(clean ? {} : { ignore: rulesBelow(input.ignore, folder) }),
  })
  const files = selected.entries.map(({ source, ...entry }): AppFile => {
    const path = posix.join(folder, entry.path)
    const from = join(root, folder, source)
    if (entry.type !== 'file') return { entry: { ...entry, path }, from }
    return {
      entry: { ...entry, path, executable: entry.executable || input.projectExecutables.includes(path) },
      from,
    }
  })
  const paths = selected.entries.filter((entry) => entry.type !== 'directory').map((entry) => entry.path)
  return { files, paths, reason: selected.reason, findings: selected.findings }
}

function overlayFile(folder: string, { path, type, executable, identity }: TreeEntry): AppFile {
  const from = join(folder, path)
  if (type === 'symlink') return { entry: { type, path, target: identity }, from }
  return { entry: { type, path, executable, size: lstatSync(from).size, stamp: identity }, from }
}

function buildPathFinding(path: string): Finding {
  return {
    rule: 'project/build-path',
    severity: 'warning',
    message:
      'holds the path of the folder that it was built in: other machines will build other bytes, and the path means nothing in the image',
    hint: 'look for an option of the build tool that writes relative paths',
    path,
  }
}
