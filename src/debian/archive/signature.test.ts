import { generateKey, createCleartextMessage, sign, type PrivateKey } from 'openpgp'
import { beforeAll, describe, expect, it } from 'vitest'
import { debianArchiveKeys } from '../keyring/debian-archive-keys.ts'
import { loadKeyring, type Keyring } from './keyring.ts'
import { verifyClearSigned } from './signature.ts'
import { readFile } from 'node:fs/promises'
import { readKeys } from 'openpgp'

const now = new Date('2030-01-02T00:00:00Z')
const made = new Date('2030-01-01T00:00:00Z')
const text = 'Origin: Debian\nSuite: test\n- dashed\nlast'

async function newKey(keyExpirationTime = 0): Promise<PrivateKey> {
  const { privateKey } = await generateKey({
    userIDs: [{ name: 'archive' }],
    format: 'object',
    date: made,
    keyExpirationTime,
  })
  return privateKey
}

function keyringOf(...keys: PrivateKey[]): Keyring {
  return { name: 'test keys', id: 'test', parts: [{ files: keys.map((key) => key.toPublic().write()) }] }
}

async function signed(...signingKeys: PrivateKey[]): Promise<string> {
  return sign({ message: await createCleartextMessage({ text }), signingKeys, date: made })
}

describe('verifyClearSigned', () => {
  let key: PrivateKey
  let other: PrivateKey
  let document: string
  beforeAll(async () => {
    key = await newKey()
    other = await newKey()
    document = await signed(key)
  })
  const verify = (changed: string, keyring: Keyring, at = now) =>
    verifyClearSigned(changed, keyring, { now: at, what: 'InRelease' })
  const reasonOf = async (changed: string, keyring: Keyring, at = now) => {
    const error: unknown = await verify(changed, keyring, at).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'DEBIAN_SIGNATURE_INVALID' })
    return (error as Error).message
  }

  it('gives the signed text and the key', async () => {
    expect(await verify(document, keyringOf(other, key))).toEqual({
      text,
      signedBy: key.getFingerprint().toUpperCase(),
    })
  })

  it('reads armored keys, and passes over a key file that is none', async () => {
    const armored: Keyring = {
      ...keyringOf(),
      parts: [{ files: [Buffer.from('garbage'), Buffer.from(key.toPublic().armor())] }],
    }
    expect((await verify(document, armored)).text).toBe(text)
  })

  it('needs one known key of several', async () => {
    expect((await verify(await signed(other, key), keyringOf(key))).signedBy).toBe(
      key.getFingerprint().toUpperCase(),
    )
  })

  it('refuses an unknown key, and names it', async () => {
    expect(await reasonOf(document, keyringOf(other))).toBe(
      `InRelease: signed by unknown keys: ${key.getKeyID().toHex().toUpperCase()}`,
    )
  })

  it('refuses a text that was changed', async () => {
    expect(await reasonOf(document.replace('Suite: test', 'Suite: evil'), keyringOf(key))).toContain('digest')
  })

  it.each([
    ['before', (whole: string) => `Suite: evil\n${whole}`],
    ['behind', (whole: string) => `${whole}\nSuite: evil\n`],
    ['as a second document', (whole: string) => `${whole}\n${whole}`],
    ['instead of a signature', () => 'Suite: evil\n'],
    ['as nothing', () => ''],
  ])('refuses text %s', async (_, change) => {
    expect(await reasonOf(change(document), keyringOf(key))).toBe('InRelease: is not a signed document')
  })

  it('refuses a signature that is cut off', async () => {
    const lines = document.trimEnd().split('\n')
    lines.splice(-4, 2)
    expect(await reasonOf(lines.join('\n'), keyringOf(key))).toContain('InRelease: ')
  })

  it('refuses an expired key', async () => {
    const shortLived = await newKey(3600)
    expect(await reasonOf(await signed(shortLived), keyringOf(shortLived))).toContain('expired')
  })

  it('refuses a signature from the future', async () => {
    expect(await reasonOf(document, keyringOf(key), new Date('2029-12-01T00:00:00Z'))).toContain(
      'InRelease: ',
    )
  })

  it('holds to the fingerprints that Signed-By lists', async () => {
    const fingerprint = key.getFingerprint().toUpperCase()
    const listed = (...fingerprints: string[]) => ({
      ...keyringOf(),
      parts: [{ files: keyringOf(key, other).parts.flatMap(({ files }) => files), fingerprints }],
    })
    expect((await verify(document, listed(fingerprint))).text).toBe(text)
    expect((await verify(document, listed(`${fingerprint}!`))).text).toBe(text)
    expect(await reasonOf(document, listed(other.getFingerprint().toUpperCase()))).toContain(
      'Signed-By does not list',
    )
  })
})

describe("Debian's archive keys", () => {
  it('are the ones that the table in README.md names', async () => {
    const keys = await readKeys({ armoredKeys: debianArchiveKeys })
    const table = await readFile(new URL('../keyring/README.md', import.meta.url), 'utf8')
    const rows = [...table.matchAll(/^\| `([0-9A-F]{40})` \| ([^|]+) \| ([0-9-]+) \|$/gm)]
    expect(rows.length).toBeGreaterThanOrEqual(9)
    const described = await Promise.all(
      keys.map(async (key) => {
        const [user = ''] = key.getUserIDs()
        const expiry = (await key.getExpirationTime()) as Date
        return [
          key.getFingerprint().toUpperCase(),
          user.replace(/ <.*/, ''),
          expiry.toISOString().slice(0, 10),
        ].join()
      }),
    )
    expect(described.sort()).toEqual(
      rows.map(([, ...cells]) => cells.map((cell) => cell.trim()).join()).sort(),
    )
  })

  it('are what a mirror is verified with where the host has no keyring', async () => {
    const keyring = await loadKeyring([{ kind: 'debian' }], undefined)
    expect(keyring.parts.flatMap(({ files }) => files.map((file) => Buffer.from(file).toString()))).toEqual([
      debianArchiveKeys,
    ])
  })
})
