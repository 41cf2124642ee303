/** One entry of `packages`, or a package.json, as a `LockedPackage`. Only the location and a link's target are held against rules: they become paths. */
import { posix } from 'node:path'
import { LockfileError } from './lockfile-error.ts'
import { normalizeBin } from './normalize-bin.ts'
import type { LockedPackage } from './package-lock.ts'

type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads an entry. Throws `LockfileError` `LOCKFILE_INVALID`, naming the location. */
export function readEntry(location: string, raw: unknown, file: string): LockedPackage {
  if (!isRecord(raw)) throw invalidEntry(location, file, 'it is not an object')
  checkLocation(location, file)
  const link = raw.link === true
  const resolved = text(raw.resolved)
  if (link && resolved === undefined) throw invalidEntry(location, file, 'a link needs "resolved"')
  const target = link ? linkTarget(resolved as string) : undefined
  if (target !== undefined) checkLocation(target, file)
  return {
    ...readManifest(location, raw),
    ...entryFacts(raw, resolved, link),
    ...(target === undefined ? {} : { target }),
  }
}

function entryFacts(raw: Json, resolved: string | undefined, link: boolean): Partial<LockedPackage> {
  const integrity = text(raw.integrity)
  return {
    ...(resolved === undefined ? {} : { resolved }),
    ...(integrity === undefined ? {} : { integrity }),
    link,
    dev: raw.dev === true,
    optional: raw.optional === true,
    devOptional: raw.devOptional === true,
    peer: raw.peer === true,
    extraneous: raw.extraneous === true,
    inBundle: raw.inBundle === true,
    hasInstallScript: raw.hasInstallScript === true,
  }
}

/** What a package.json says of the package at a location. */
export function readManifest(location: string, raw: Json): LockedPackage {
  const name = text(raw.name) ?? nameOfLocation(location)
  const version = text(raw.version)
  const lists = { os: list(raw.os), cpu: list(raw.cpu), libc: list(raw.libc) }
  const dependencies = specs(raw.dependencies)
  return {
    location,
    name,
    ...(version === undefined ? {} : { version }),
    ...Object.fromEntries(Object.entries(lists).filter(([, value]) => value !== undefined)),
    link: false,
    dev: false,
    optional: false,
    devOptional: false,
    peer: false,
    extraneous: false,
    direct: false,
    inBundle: false,
    hasInstallScript: false,
    engines: specs(raw.engines),
    bin: normalizeBin(name, raw.bin),
    dependencies,
    devDependencies: specs(raw.devDependencies),
    optionalDependencies: specs(raw.optionalDependencies),
    peerDependencies: specs(raw.peerDependencies),
    optionalPeers: optionalPeers(raw.peerDependenciesMeta),
    bundleDependencies: bundled(raw.bundleDependencies ?? raw.bundledDependencies, dependencies),
  }
}

/** The name that a location gives a package: what follows the last `node_modules/`, else the folder's own name. */
function nameOfLocation(location: string): string {
  const segments = location.split('/')
  const last = segments.at(-1) ?? ''
  const scope = segments.at(-2)
  return scope?.startsWith('@') ? `${scope}/${last}` : last
}

function linkTarget(resolved: string): string {
  const path = posix.normalize(resolved.replace(/^file:/, '').replaceAll('\\', '/')).replace(/\/$/, '')
  return path === '.' ? '' : path
}

/** `node_modules` is followed by a package's name, no segment leads upwards but the first ones of a folder outside. */
function checkLocation(location: string, file: string): void {
  if (location === '') return
  const outside = /^(?:\.\.\/)*(?:\.\.$)?/.exec(location)?.[0].length ?? 0
  const segments = location.slice(outside).split('/')
  const wrong =
    location.startsWith('/') ||
    /[\\\0]/.test(location) ||
    (location.length > outside &&
      segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
  if (wrong || !namesPackages(segments)) throw invalidEntry(location, file, 'it is not a place for a package')
}

function namesPackages(segments: readonly string[]): boolean {
  return segments.every((segment, index) => {
    if (segment !== 'node_modules') return true
    const next = segments[index + 1]
    if (next === undefined || next.startsWith('.') || next === 'node_modules') return false
    const scoped = segments[index + 2]
    return (
      !next.startsWith('@') || (scoped !== undefined && scoped !== 'node_modules' && !scoped.startsWith('.'))
    )
  })
}

function invalidEntry(location: string, file: string, why: string): LockfileError {
  return new LockfileError('LOCKFILE_INVALID', `${file}: entry ${JSON.stringify(location)}: ${why}`, {
    kind: 'usage',
    hint: 'restore the file from version control, or delete it and run `npm install`',
    details: { file, location },
  })
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** `os`, `cpu` and `libc` may be one text instead of a list; npm looks at them whenever they are not empty. */
function list(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

function specs(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function optionalPeers(meta: unknown): ReadonlySet<string> {
  if (!isRecord(meta)) return new Set()
  return new Set(Object.keys(meta).filter((name) => isRecord(meta[name]) && Boolean(meta[name].optional)))
}

function bundled(value: unknown, dependencies: Readonly<Record<string, string>>): string[] {
  if (value === true) return Object.keys(dependencies)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
