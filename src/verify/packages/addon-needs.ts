/**
 * Packages whose native part is not there. A package shows in several ways that it has one: optional packages for each
 * platform, prebuilds for other platforms, a node-pre-gyp path, a `binding.gyp`. None of it needs a name table.
 */
import type { Binary } from '../binaries/roles.ts'
import type { FileTree } from '../tree/file-tree.ts'
import { fitsManifest } from './fits-manifest.ts'
import type { NpmPackage, NpmPackages } from './npm-packages.ts'
import { fitOf, labelOf, type PlatformLabel, type Target } from './platform-label.ts'

export type AddonNeed =
  /** none of the optional packages for this platform is installed */
  | { kind: 'carrier'; package: NpmPackage; candidates: string[]; offered: string[] }
  /** prebuilds for other platforms are there, none for this one */
  | { kind: 'prebuild'; package: NpmPackage; offered: string[] }
  /** the one path that node-pre-gyp would look at */
  | { kind: 'path'; package: NpmPackage; path: string }
  /** sources, and nothing that was compiled from them */
  | { kind: 'compiled'; package: NpmPackage }

export interface AddonNeedsInput {
  tree: FileTree
  packages: NpmPackages
  binaries: readonly Binary[]
  target: Target
}

export function findAddonNeeds(input: AddonNeedsInput): AddonNeed[] {
  const addons = new Map<NpmPackage, Binary[]>()
  for (const binary of input.binaries) {
    if (!binary.package || !binary.file.path.endsWith('.node')) continue
    const own = addons.get(binary.package)
    if (own) own.push(binary)
    else addons.set(binary.package, [binary])
  }
  return input.packages
    .installed()
    .filter(({ manifest }) => fitsManifest(manifest, input.target))
    .flatMap((item) => needOf(item, addons.get(item) ?? [], input) ?? [])
}

function needOf(item: NpmPackage, addons: readonly Binary[], input: AddonNeedsInput): AddonNeed | undefined {
  if (addons.some(({ role }) => role === 'loaded')) return undefined
  const carriers = carrierFamilies(item, input)
  const lacking = carriers.find(({ installed }) => !installed)
  if (lacking)
    return { kind: 'carrier', package: item, candidates: lacking.candidates, offered: lacking.offered }
  if (carriers.length > 0) return undefined
  const expected = preGypPath(item, input.target)
  if (expected) {
    const isThere = input.tree.find(`${item.folder}/${expected}`)?.children !== undefined
    return isThere ? undefined : { kind: 'path', package: item, path: expected }
  }
  const offered = addons
    .filter(({ role }) => role === 'foreign')
    .map(({ file }) => file.path.slice(item.folder.length + 1))
  const hasSources = input.tree.find(`${item.folder}/binding.gyp`) !== undefined
  if (offered.some((path) => labelOf(path).systems.has('linux')))
    return { kind: 'prebuild', package: item, offered }
  return hasSources ? { kind: 'compiled', package: item } : undefined
}

interface CarrierFamily {
  /** members for this platform; empty when the package has none for it */
  candidates: string[]
  /** all members */
  offered: string[]
  /** whether one that serves this platform is there */
  installed: boolean
}

/** The package's optional dependencies that are named after platforms, by the name without the platform. */
function carrierFamilies(item: NpmPackage, { packages, target }: AddonNeedsInput): CarrierFamily[] {
  const groups = new Map<string, { name: string; label: PlatformLabel }[]>()
  for (const name of Object.keys(item.manifest.optionalDependencies ?? {})) {
    const label = labelOf(name)
    if (label.systems.size === 0 && label.cpus.size === 0) continue
    const stem = stemOf(name)
    groups.set(stem, [...(groups.get(stem) ?? []), { name, label }])
  }
  return [...groups.values()].flatMap((members) => {
    const forLinux = members.filter(({ label }) => label.systems.has('linux'))
    if (members.length < 2 || forLinux.length === 0) return []
    const candidates = members.filter(({ label }) => fitOf(label, target) === 'ours').map(({ name }) => name)
    const portable = members.filter(({ label }) => label.cpus.has('wasm32')).map(({ name }) => name)
    const installed = [...candidates, ...portable].some(
      (name) => packages.resolve(name, item.folder) !== undefined,
    )
    return [{ candidates, offered: members.map(({ name }) => name), installed }]
  })
}

/** `@img/sharp-libvips` of `@img/sharp-libvips-linux-arm64`: what the members of one family share. */
function stemOf(name: string): string {
  return name
    .split('-')
    .filter((part) => {
      const { systems, cpus, libcs } = labelOf(part.replace(/^.*\//, ''))
      return (
        systems.size + cpus.size + libcs.size === 0 && !/^(?:gnu|musl|64|universal|eabi|msvc)$/.test(part)
      )
    })
    .join('-')
    .replace(/\/[^/]*$/, (last) => (labelOf(last).systems.size > 0 ? '/' : last))
}

/** node-pre-gyp's path of the module's folder, its placeholders replaced (`node-pre-gyp`, "binary.module_path"). */
function preGypPath({ manifest, version }: NpmPackage, target: Target): string | undefined {
  const { binary } = manifest
  if (binary === undefined || target.abi === undefined) return undefined
  const nodeApi = binary.napi_versions?.at(-1)
  const values: Record<string, string> = {
    module_name: binary.module_name,
    version,
    node_abi: `node-v${target.abi}`,
    napi_build_version: String(nodeApi ?? ''),
    node_napi_label: nodeApi ? `napi-v${nodeApi}` : `node-v${target.abi}`,
    platform: target.os,
    arch: target.cpu,
    target_arch: target.cpu,
    libc: target.libc ?? 'unknown',
    configuration: 'Release',
    toolset: '',
  }
  const path = binary.module_path
    .replace(/^\.\//, '')
    .replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)
  // A placeholder that is not known here, or several Node-API versions: the path cannot be told for sure.
  const unsure =
    path.includes('{') || ((binary.napi_versions?.length ?? 0) > 1 && /napi/.test(binary.module_path))
  return unsure ? undefined : path
}
