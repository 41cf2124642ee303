/**
 * Where an install script would fetch a binary from, by the templates of the downloaders themselves (prebuild-install 7,
 * @mapbox/node-pre-gyp 2, install-artifact-from-github 1). Mirrors that a user configured are the provider's business.
 */
import { abiOfMajor, nodeApiOfRelease } from '../../elf/index.ts'
import { isRecord, npmTargetOf, type TargetPlatform } from '../../npm/index.ts'
import type { ScriptReading } from './read-scripts.ts'

type Manifest = Readonly<Record<string, unknown>>

/** An address with `{…}` for what the platform decides: abi, libc, arch… */
export interface DownloadTemplate {
  address: string
  /** Node-API versions that there are binaries for; empty: binaries by NODE_MODULE_VERSION */
  nodeApi: number[]
  /** what `{libc}` stands for, by the target's C library */
  libc: { glibc: string; musl: string }
}

/** The template of a package; undefined when its script is its own, or its package.json lacks what the template needs. */
export function downloadTemplate(
  { downloader, commands }: ScriptReading,
  manifest: Manifest,
): DownloadTemplate | undefined {
  const line = commands.join(' ')
  switch (downloader) {
    case 'prebuild-install':
      return prebuildInstall(manifest, line)
    case 'node-pre-gyp':
      return nodePreGyp(manifest)
    case 'install-artifact-from-github':
      return artifactFromGithub(manifest, line)
    default:
      return undefined
  }
}

/** The address for a platform; undefined when something decides it that is not known, such as the platform's Node. */
export function downloadUrl(template: DownloadTemplate, target: TargetPlatform): string | undefined {
  const { os, cpu } = npmTargetOf(target)
  const abi = target.nodeVersion && abiOfMajor(Number.parseInt(target.nodeVersion, 10))
  const offered = target.nodeVersion === undefined ? undefined : nodeApiOfRelease(target.nodeVersion)
  const nodeApi = template.nodeApi.filter((version) => version <= (offered ?? 0)).at(-1)
  if (template.nodeApi.length > 0 ? nodeApi === undefined : abi === undefined) return undefined
  const address = fill(template.address, {
    platform: os,
    target_platform: os,
    arch: cpu,
    target_arch: cpu,
    libc: template.libc[target.libc],
    abi: String(nodeApi ?? abi),
    node_abi: `node-v${abi}`,
    napi_build_version: String(nodeApi ?? ''),
    node_napi_label: nodeApi === undefined ? `node-v${abi}` : `napi-v${nodeApi}`,
    slot: nodeApi === undefined ? String(abi) : `napi-v${nodeApi}`,
  })
  return address.includes('{') ? undefined : address
}

function prebuildInstall(manifest: Manifest, line: string): DownloadTemplate | undefined {
  const binary = recordOf(manifest.binary)
  const runtime =
    /prebuild-install.*?(?:-r|--runtime)[ =]+(\w+)/.exec(line)?.[1] ??
    textOf(recordOf(manifest.config).runtime)
  const isNodeApi = runtime === 'napi'
  const file = '{name}-v{version}-{runtime}-v{abi}-{platform}{libc}-{arch}.tar.gz'
  const prefix = /--tag-prefix[ =]+(\S+)/.exec(line)?.[1] ?? 'v'
  const host = textOf(binary.host)
  const hub = github(manifest)
  if (host === undefined && hub === undefined) return undefined
  const address = host
    ? [host, textOf(binary.remote_path), textOf(binary.package_name) ?? file]
        .map((part) => part?.replace(/^\.\/|^\/|\/$/g, ''))
        .filter(Boolean)
        .join('/')
    : `${hub}/releases/download/{tag_prefix}{version}/${file}`
  const name = plainName(manifest)
  return {
    address: fill(address, {
      ...versionParts(manifest),
      name,
      package_name: name,
      runtime: isNodeApi ? 'napi' : 'node',
      configuration: 'Release',
      module_name: textOf(binary.module_name) ?? '',
      tag_prefix: prefix,
    }),
    nodeApi: isNodeApi ? nodeApiVersions(binary) : [],
    libc: { glibc: '', musl: 'musl' },
  }
}

function nodePreGyp(manifest: Manifest): DownloadTemplate | undefined {
  const binary = recordOf(manifest.binary)
  const host = textOf(binary.host)
  if (host === undefined) return undefined
  const path = textOf(binary.remote_path) ?? ''
  const file = textOf(binary.package_name) ?? '{module_name}-v{version}-{node_abi}-{platform}-{arch}.tar.gz'
  const address = `${host.replace(/\/?$/, '/')}${path.replace(/^(?:\.?\/)+/, '').replace(/\/?$/, path === '' ? '' : '/')}${file}`
  return {
    address: fill(address, {
      ...versionParts(manifest),
      name: textOf(manifest.name) ?? '',
      module_name: textOf(binary.module_name) ?? '',
      configuration: 'Release',
      toolset: '',
      runtime: 'node',
    }).replace(/(?<!:)\/\/+/g, '/'),
    nodeApi: listOf(binary.napi_versions),
    libc: { glibc: 'glibc', musl: 'musl' },
  }
}

function artifactFromGithub(manifest: Manifest, line: string): DownloadTemplate | undefined {
  const hub = textOf(manifest.github)?.replace(/\.git$/, '') ?? github(manifest)
  if (hub === undefined) return undefined
  const option = (name: string) => new RegExp(`--${name}[ =]+(\\S+)`).exec(line)?.[1] ?? ''
  const level = Number(option('napi'))
  const { version = '' } = versionParts(manifest)
  return {
    address: `${hub}/releases/download/${version}/${option('prefix')}{platform}{libc}-{arch}-{slot}${option('suffix')}.br`,
    nodeApi: level > 0 ? [level] : [],
    libc: { glibc: '', musl: '-musl' },
  }
}

/** prebuild-install takes Node-API 3 where a package names no versions. */
function nodeApiVersions(binary: Manifest): number[] {
  const named = listOf(binary.napi_versions)
  return named.length > 0 ? named : [3]
}

function listOf(value: unknown): number[] {
  return Array.isArray(value)
    ? value
        .map(Number)
        .filter((one) => one > 0)
        .sort((a, b) => a - b)
    : []
}

function plainName({ name }: Manifest): string {
  return (textOf(name) ?? '').replace(/^@[^/]+\//, '')
}

/** `https://github.com/owner/repository` from `repository` of package.json. */
function github({ repository }: Manifest): string | undefined {
  const address = textOf(repository) ?? textOf(recordOf(repository).url) ?? ''
  const full = /github\.com[/:]([^/]+)\/([^/#\s]+?)(?:\.git)?(?:[/#]|$)/.exec(address)
  const short = /^(?:github:)?([\w.-]+)\/([\w.-]+?)(?:#|$)/.exec(address)
  const [, owner, name] = full ?? short ?? []
  return owner && name ? `https://github.com/${owner}/${name}` : undefined
}

function versionParts({ version }: Manifest): Record<string, string> {
  const text = textOf(version) ?? ''
  const [core = '', build = ''] = text.split('+')
  const [numbers = '', ...labels] = core.split('-')
  const [major = '', minor = '', patch = ''] = numbers.split('.')
  return { version: text, major, minor, patch, prerelease: labels.join('-'), build }
}

/** Replaces `{name}` for every name that has a value; others stay. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

function recordOf(value: unknown): Manifest {
  return isRecord(value) ? value : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
