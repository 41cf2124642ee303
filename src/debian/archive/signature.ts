/** Clear-signed documents (OpenPGP, RFC 9580 section 7), which is what `InRelease` is. */
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
  const verificationKeys = await readKeys(openpgp, keyring)
  const reasons: string[] = []
  let cause: unknown
  try {
    const message = await openpgp.readCleartextMessage({ cleartextMessage: body })
    const { signatures } = await openpgp.verify({ message, verificationKeys, date: now })
    for (const { keyID, verified } of signatures) {
      const signer = verificationKeys.find((key) => key.getKeys(keyID).length > 0)
      const key = signer?.getKeys(keyID)[0]
      try {
        await verified
        if (!signer || !key) continue
        // `verified` speaks of the time of the signature; a key that has expired or was revoked since is trusted no more.
        await signer.getSigningKey(keyID, now)
        const fingerprints = [signer.getFingerprint(), key.getFingerprint()].map((text) => text.toUpperCase())
        if (isTrusted(fingerprints, keyring))
          return { text: message.getText(), signedBy: fingerprints[1] as string }
        reasons.push(`signed by ${fingerprints[1]}, which Signed-By does not list`)
      } catch (error) {
        cause = error
        reasons.push(signer ? messageOf(error) : `signed by the unknown key ${keyID.toHex().toUpperCase()}`)
      }
    }
  } catch (error) {
    throw failed(messageOf(error), error)
  }
  throw failed(reasons.join('; ') || 'has no signature', cause)
}

function isTrusted([primary, signing]: readonly string[], { fingerprints }: Keyring): boolean {
  if (!fingerprints) return true
  return fingerprints.some((wanted) =>
    wanted.endsWith('!') ? wanted.slice(0, -1) === signing : wanted === primary || wanted === signing,
  )
}

type OpenPgp = typeof import('openpgp')

async function readKeys(openpgp: OpenPgp, keyring: Keyring) {
  const decoder = new TextDecoder('latin1')
  const keys = await Promise.all(
    keyring.files.map((file) => {
      const isArmored = decoder.decode(file.subarray(0, 4096)).includes('-----BEGIN PGP')
      const options = isArmored ? { armoredKeys: decoder.decode(file) } : { binaryKeys: file }
      // One unreadable file (such as the keybox of a GnuPG of its own) must not take the trust from the others.
      return openpgp.readKeys(options as { armoredKeys: string }).catch(() => [])
    }),
  )
  return keys.flat()
}

function signatureInvalid(what: string, keyring: Keyring, why: string, cause: unknown): DebianError {
  return new DebianError('DEBIAN_SIGNATURE_INVALID', `${what}: ${why}`, {
    kind: 'environment',
    hint: `it must be signed by a key of ${keyring.name}; a proxy that changes content, a mirror that is not Debian's, or a keyring that is too old for the suite are the usual reasons`,
    details: { keyring: keyring.name },
    cause,
  })
}
