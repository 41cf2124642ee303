/** What one tarball tells of a package's native code, whatever the platform: read once, then remembered by its hash. */
import { type CancelOptions, collect } from '../../base/index.ts'
import type { LockedPackage } from '../../lockfile/index.ts'
import {
  installScripts,
  isImplicitlyCompiled,
  type PackageRecords,
  type PackageSource,
  parseManifest,
  type UnpackedPackage,
} from '../../npm/index.ts'
import { type CompiledFiles, compiledFiles } from './binary-facts.ts'
import { type DownloadTemplate, downloadTemplate } from './download-url.ts'
import { type BuildReading, readBuildFiles } from './needs/build-files.ts'
import { readScripts, type ScriptReading } from './read-scripts.ts'

export interface PackageFacts {
  scripts: ScriptReading
  /** npm runs something after unpacking */
  hasStep: boolean
  /** npm runs node-gyp on its own account: a `binding.gyp` and no install script */
  implicit: boolean
  /** a `binding.gyp` and `gypfile: false`: npm may compile it all the same */
  declinesGyp: boolean
  compiled: CompiledFiles
  build: BuildReading
  template?: DownloadTemplate
}

export interface PackageFactsOptions extends CancelOptions {
  source: PackageSource
  /** where facts are remembered by a tarball's hash; absent: nowhere */
  records?: PackageRecords | undefined
}

/** Changed when packages are read otherwise than by an earlier release. */
const area = 'addon-facts-4'

/** Reads a package, unless it was read before. Throws `NpmError`. */
export async function packageFacts(
  locked: LockedPackage,
  { source, records, signal }: PackageFactsOptions,
): Promise<PackageFacts> {
  const key = locked.integrity
  if (key !== undefined) {
    const known = (await records?.record(area, key)) as PackageFacts | undefined
    if (known) return known
  }
  await using content = await source.unpack(locked, { signal })
  const facts = await readFacts(content, signal)
  if (key !== undefined) await records?.setRecord(area, key, facts)
  return facts
}

async function readFacts(content: UnpackedPackage, signal: AbortSignal): Promise<PackageFacts> {
  const file = content.file('package.json')
  const manifest = parseManifest(file && (await collect(file.content({ signal }), file.size, file.path)))
  const implicit = isImplicitlyCompiled(manifest, content)
  const scripts = await readScripts(manifest, content, signal)
  const template = downloadTemplate(scripts, manifest)
  return {
    scripts,
    implicit,
    hasStep: implicit || Object.keys(installScripts(manifest)).length > 0,
    declinesGyp: manifest.gypfile === false && content.file('binding.gyp') !== undefined,
    build: await readBuildFiles(content, { signal }),
    compiled: await compiledFiles(content, { signal }),
    ...(template ? { template } : {}),
  }
}
