/** Clear-signed documents (OpenPGP, RFC 9580 section 7), which is what `InRelease` is. */
import type { CleartextMessage, Key, KeyID } from 'openpgp'
import { messageOf } from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import type { Keyring } from './keyring.ts'

export interface SignedText {
  /** the text that the signature covers; nothing else of the document may be used */
  text: string
  /** fingerprint of the key that signed it, upper case */
  signedBy: string
}

const begin = '-----BEGIN PGP SIGNED MESSAGE-----'
const end = '-----END PGP SIGNATURE-----'

/**
 * The signed text of a clear-signed document with at least one valid signature, at the time `now`, by a key of the keyring.
 * Throws `DebianError` `DEBIAN_SIGNATURE_INVALID`.
 */
export async function verifyClearSigned(
  document: string,
  keyring: Keyring,
  { now, what }: { now: Date; what: string },
): Promise<SignedText> {
  const failed = (why: string, cause?: unknown) => signatureInvalid(what, keyring, why, cause)
  const body = document.trimEnd()
  // Anything before, between or behind would be text that no signature covers.
  if (!body.startsWith(begin) || !body.endsWith(end) || body.lastIndexOf(`\n${begin}`) >= 0)
    throw failed('is not a signed document')
  // Loaded here: it is large, and a run that finds its index unchanged verifies nothing.
  const openpgp = await import('openpgp')
  const message = await openpgp.readCleartextMessage({ cleartextMessage: body }).catch((cause: unknown) => {
    throw failed(messageOf(cause), cause)
  })
  const keyIds = message.getSigningKeyIDs()
  const trusted = await readKeys(openpgp, keyring)
  const signers = trusted.filter(({ key }) => keyIds.some((id) => key.getKeys(id).length > 0))
  let outcome: Refusal = {
    reason: `signed by unknown keys: ${keyIds.map((id) => id.toHex().toUpperCase()).join(', ') || 'none'}`,
  }
  // One key at a time: the keyrings may hold an older copy of a key besides a newer one.
  for (const signer of signers) {
    const result = await verifyWith(openpgp, message, signer, now)
    if ('signedBy' in result) return { text: message.getText(), signedBy: result.signedBy }
    outcome = result
  }
  throw failed(outcome.reason, outcome.cause)
}

interface Refusal {
  reason: string
  cause?: unknown
}

/** The fingerprint of the part of the key that made a valid signature, or why there is none. */
async function verifyWith(
  openpgp: OpenPgp,
  message: CleartextMessage,
  { key, fingerprints }: TrustedKey,
  now: Date,
): Promise<{ signedBy: string } | Refusal> {
  const { signatures } = await openpgp.verify({ message, verificationKeys: key, date: now })
  let refusal: Refusal = { reason: 'has no signature' }
  for (const { keyID, verified } of signatures.filter(
    (signature) => key.getKeys(signature.keyID).length > 0,
  )) {
    try {
      await verified
      // `verified` speaks of the time of the signature; a key that has expired or was revoked since is trusted no more.
      await key.getSigningKey(keyID, now)
    } catch (cause) {
      refusal = { reason: messageOf(cause), cause }
      continue
    }
    const both = fingerprintsOf(key, keyID)
    if (isListed(both, fingerprints)) return { signedBy: both[1] }
    refusal = { reason: `signed by ${both[1]}, which Signed-By does not list` }
  }
  return refusal
}

/** Of a key, and of the part of it that makes signatures with this identity; upper case. */
function fingerprintsOf(key: Key, keyId: KeyID): [primary: string, signing: string] {
  const primary = key.getFingerprint().toUpperCase()
  return [primary, key.getKeys(keyId)[0]?.getFingerprint().toUpperCase() ?? primary]
}

function isListed(
  [primary, signing]: [string, string],
  fingerprints: readonly string[] | undefined,
): boolean {
  if (!fingerprints) return true
  return fingerprints.some((wanted) =>
    wanted.endsWith('!') ? wanted.slice(0, -1) === signing : wanted === primary || wanted === signing,
  )
}

interface TrustedKey {
  key: Key
  /** when present, what the key or its signing part must be */
  fingerprints?: readonly string[] | undefined
}

type OpenPgp = typeof import('openpgp')

async function readKeys(openpgp: OpenPgp, { parts }: Keyring): Promise<TrustedKey[]> {
  const decoder = new TextDecoder('latin1')
  const read = (file: Uint8Array): Promise<Key[]> => {
    const isArmored = decoder.decode(file.subarray(0, 4096)).includes('-----BEGIN PGP')
    const options = isArmored ? { armoredKeys: decoder.decode(file) } : { binaryKeys: file }
    // One unreadable file (such as the keybox of a GnuPG of its own) must not take the trust from the others.
    return openpgp.readKeys(options as { armoredKeys: string }).catch(() => [])
  }
  const trusted = parts.map(async ({ files, fingerprints }) => {
    const keys = await Promise.all(files.map(read))
    return keys.flat().map((key) => ({ key, fingerprints }))
  })
  return (await Promise.all(trusted)).flat()
}

function signatureInvalid(what: string, keyring: Keyring, why: string, cause: unknown): DebianError {
  return new DebianError('DEBIAN_SIGNATURE_INVALID', `${what}: ${why}`, {
    kind: 'environment',
    hint: `it must be signed by a key of ${keyring.name}; a proxy that changes content, a mirror that is not Debian's, or a keyring that is too old for the suite are the usual reasons`,
    details: { keyring: keyring.name },
    cause,
  })
}
