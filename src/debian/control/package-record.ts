/** A package as an archive's `Packages` index describes it (deb-control(5)); only the fields that are used. */
import { DebianError } from '../debian-error.ts'
import { type Dependency, parseRelations, type Relation } from './relation.ts'
import { parseStanzas, type Stanza } from './stanza.ts'

export interface PackageRecord {
  name: string
  version: string
  architecture: string
  source: { name: string; version: string }
  priority: string
  multiArch: string
  /** `Pre-Depends` and `Depends` */
  dependencies: readonly Dependency[]
  /** versioned when the package says which version of the virtual package it is */
  provides: readonly Relation[]
  /** `Conflicts` and `Breaks` */
  conflicts: readonly Relation[]
  replaces: readonly Relation[]
  /** the .deb, relative to the archive's root */
  filename: string
  size: number
  /** hexadecimal */
  sha256: string
}

/** Reads one stanza of an index; `where` names the index in errors. Throws `DebianError` `DEBIAN_INDEX_MALFORMED`. */
export function parsePackageRecord(text: string, where: string): PackageRecord {
  const malformed = (why: string) =>
    new DebianError('DEBIAN_INDEX_MALFORMED', `${where}: ${why}`, { kind: 'environment' })
  const [stanza, ...more] = parseStanzas(text, malformed)
  if (!stanza || more.length > 0) throw malformed('expected the fields of one package')
  const name = required(stanza, 'package', malformed)
  const version = required(stanza, 'version', malformed)
  const inPackage = (why: string) => malformed(`package ${name}: ${why}`)
  const filename = required(stanza, 'filename', inPackage)
  const sha256 = required(stanza, 'sha256', inPackage).toLowerCase()
  const size = Number(required(stanza, 'size', inPackage))
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw inPackage('SHA256 is no checksum')
  if (!Number.isSafeInteger(size) || size < 0) throw inPackage('Size is no number of bytes')
  if (filename.startsWith('/') || filename.split('/').includes('..'))
    throw inPackage(`Filename ${JSON.stringify(filename)} leads out of the archive`)
  const relations = (...fields: string[]) =>
    fields.flatMap((field) => parseRelations(stanza.get(field), inPackage))
  return {
    name,
    version,
    architecture: required(stanza, 'architecture', inPackage),
    source: sourceOf(stanza, name, version),
    priority: stanza.get('priority') ?? 'optional',
    multiArch: stanza.get('multi-arch') ?? 'no',
    dependencies: relations('pre-depends', 'depends'),
    provides: relations('provides').flat(),
    conflicts: relations('conflicts', 'breaks').flat(),
    replaces: relations('replaces').flat(),
    filename,
    size,
    sha256,
  }
}

function required(stanza: Stanza, field: string, malformed: (why: string) => DebianError): string {
  const value = stanza.get(field)
  if (value === undefined || value === '') throw malformed(`no field ${field}`)
  return value
}

/** `Source: gcc-12 (12.2.0-14)`; a part that is left out is the binary package's own. */
function sourceOf(stanza: Stanza, name: string, version: string): { name: string; version: string } {
  const [, source, sourceVersion] = /^(\S+)(?:\s+\((\S+)\))?$/.exec(stanza.get('source') ?? '') ?? []
  return { name: source ?? name, version: sourceVersion ?? version }
}
