/** The keys that an archive's index must be signed with, found but not parsed yet. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, compareText } from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import type { Trust } from './archive.ts'

export interface Keyring {
  /** for messages: where the keys come from */
  name: string
  /** `sha256` of everything below: equal identities trust the same keys */
  id: string
  parts: readonly KeyringPart[]
}

export interface KeyringPart {
  /** key files as they are: binary or armored */
  files: readonly Uint8Array[]
  /** when present, only keys with one of these fingerprints (upper case; `!` behind it: not its subkeys) */
  fingerprints?: readonly string[]
}

/** Reads the keys that are trusted for an archive. Throws `DebianError` `DEBIAN_APT_CONFIGURATION` for unreadable files. */
export async function loadKeyring(trust: readonly Trust[], hostRoot: string | undefined): Promise<Keyring> {
  const loaded = await Promise.all(trust.map((source) => loadPart(source, hostRoot)))
  const hash = createHash('sha256')
  for (const { files, fingerprints } of loaded) {
    hash.update(JSON.stringify([fingerprints, files.map((file) => file.byteLength)]))
    for (const file of files) hash.update(file)
  }
  return { name: loaded.map(({ name }) => name).join(' or '), id: hash.digest('hex'), parts: loaded }
}

async function loadPart(trust: Trust, hostRoot: string | undefined): Promise<KeyringPart & { name: string }> {
  if (trust.kind === 'debian') return { name: "Debian's archive keys", files: await debianKeys(hostRoot) }
  if (trust.kind === 'apt') return { name: "apt's trusted keys", files: await aptKeys(hostRoot) }
  const value = trust.value.trim()
  if (value.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
    // A deb822 value has no empty lines: a lone dot stands for one.
    const armored = Buffer.from(value.replace(/^\s*\.\s*$/gm, ''))
    return { name: 'the key in Signed-By', files: [armored] }
  }
  const items = value.split(/[\s,]+/).filter(Boolean)
  const paths = items.filter((item) => item.startsWith('/'))
  const fingerprints = items.filter((item) => !item.startsWith('/')).map((item) => item.toUpperCase())
  const files =
    paths.length > 0
      ? await Promise.all(paths.map((path) => readKeyFile(join(hostRoot ?? '/', path))))
      : await aptKeys(hostRoot)
  return { name: items.join(', '), files, ...(fingerprints.length > 0 ? { fingerprints } : {}) }
}

async function debianKeys(hostRoot: string | undefined): Promise<Uint8Array[]> {
  const { debianArchiveKeys } = await import('../keyring/debian-archive-keys.ts')
  const bundled = Buffer.from(debianArchiveKeys)
  if (hostRoot === undefined) return [bundled]
  for (const name of ['debian-archive-keyring.pgp', 'debian-archive-keyring.gpg']) {
    const file = await readKeyFileIfThere(join(hostRoot, 'usr/share/keyrings', name))
    if (file) return [file, bundled]
  }
  return [bundled]
}

async function aptKeys(hostRoot = '/'): Promise<Uint8Array[]> {
  const folder = join(hostRoot, 'etc/apt/trusted.gpg.d')
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  })
  const parts = names.filter((name) => /\.(gpg|asc)$/.test(name)).sort(compareText)
  const files = [join(hostRoot, 'etc/apt/trusted.gpg'), ...parts.map((name) => join(folder, name))]
  const contents = await Promise.all(files.map(readKeyFileIfThere))
  return contents.filter((content) => content !== undefined)
}

async function readKeyFileIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unreadable(path, error)
  })
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  const content = await readKeyFileIfThere(path)
  if (content) return content
  throw unreadable(path)
}

function unreadable(path: string, cause?: unknown): DebianError {
  return new DebianError('DEBIAN_APT_CONFIGURATION', `the keyring ${path} cannot be read`, {
    kind: 'environment',
    hint: "install the keyring that the source's Signed-By names, or name the archive with --debian-mirror",
    cause,
  })
}
