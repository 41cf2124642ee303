/** A .deb (deb(5)): `debian-binary`, the control archive, the data archive. */
import { type CancelOptions, collect, type Source } from '../../base/index.ts'
import { decompress, readTar, type TarEntry } from '../../tar/index.ts'
import { DebianError } from '../debian-error.ts'
import { type ArMember, readAr } from './read-ar.ts'

/** Opens the same archive each time it is called. */
export interface DebPackage {
  /** for messages */
  name: string
  content: Source
}

/** Larger control members are refused: the largest real ones are lists of symbols of a few megabytes. */
const maxControlBytes = 64 * 1024 * 1024

/** The files of the control archive by name: `control`, `md5sums`, `postinst` … Throws `DebianError`, `TarError`. */
export async function readControl(
  deb: DebPackage,
  options: CancelOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for await (const entry of readMember(deb, 'control.tar', options)) {
    if (entry.type === 'file')
      files.set(entry.path, await collect(entry.body, maxControlBytes, `${deb.name}: ${entry.path}`))
  }
  if (!files.has('control')) throw malformed(deb, 'has no control file')
  return files
}

/** The members of the data archive, in its order; bodies as `readTar` gives them. Throws `DebianError`, `TarError`. */
export function readData(deb: DebPackage, options: CancelOptions): AsyncGenerator<TarEntry> {
  return readMember(deb, 'data.tar', options)
}

async function* readMember(
  deb: DebPackage,
  wanted: 'control.tar' | 'data.tar',
  options: CancelOptions,
): AsyncGenerator<TarEntry> {
  let first = true
  for await (const member of readAr(deb.content(options), (why) => malformed(deb, why), options)) {
    if (first) await checkFormat(deb, member)
    first = false
    if (member.name !== wanted && !member.name.startsWith(`${wanted}.`)) continue
    const suffix = member.name.slice(wanted.length)
    if (!['', '.gz', '.xz', '.zst'].includes(suffix))
      throw malformed(deb, `has ${member.name}, compressed in a way that cannot be read`)
    const name = `${member.name} of ${deb.name}`
    const tar = decompress(member.body, { compression: 'auto', name, ...options })
    yield* readTar(tar, { paths: 'strict', name, ...options })
    return
  }
  throw malformed(deb, `has no ${wanted}`)
}

async function checkFormat(deb: DebPackage, { name, body }: ArMember): Promise<void> {
  if (name !== 'debian-binary') throw malformed(deb, 'does not begin with debian-binary')
  const version = Buffer.from(await collect(body, 1024, deb.name)).toString('latin1')
  if (!version.startsWith('2.')) throw malformed(deb, `has format version ${JSON.stringify(version.trim())}`)
}

function malformed(deb: DebPackage, why: string): DebianError {
  return new DebianError('DEBIAN_PACKAGE_MALFORMED', `${deb.name} ${why}`, {
    kind: 'environment',
    details: { package: deb.name },
  })
}
