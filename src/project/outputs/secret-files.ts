/**
 * Files that hold credentials and have no business in an image: environment files, private keys, tokens of package
 * managers and clouds. They are left out by name, keys also by content, unless the project names them explicitly.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { posix } from 'node:path'
import type { Finding } from '../../base/index.ts'

/** Environment files that are there to be copied and filled in, not to be read. */
const environmentSample =
  /^\.env\.(?:example|sample|template|dist|defaults|schema)$|\.(?:example|sample|template)$/

const secretNames: readonly { pattern: RegExp; what: string }[] = [
  { pattern: /^\.env(?:\..+|rc)?$/, what: 'an environment file, which may hold secrets' },
  {
    pattern: /^\.(?:npmrc|yarnrc\.yml|yarnrc|bunfig\.toml)$/,
    what: 'configuration of a package manager, which may hold tokens',
  },
  { pattern: /^[._]netrc$|^\.pgpass$|^\.git-credentials$|^\.htpasswd$/, what: 'a file of credentials' },
  { pattern: /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, what: 'a private key' },
  { pattern: /\.(?:p12|pfx|jks|keystore|ppk|kdbx)$/i, what: 'a store of private keys' },
]

/** Names of files that are private keys, or not: their content decides. */
const keyLikeName = /\.(?:pem|key)$|(?:service[-_.]?account|credentials?|adminsdk)[^/]*\.json$/i
const privateKeyMark = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/
const credentialPath = /(?:^|\/)(?:\.ssh\/|\.aws\/|\.gnupg\/|\.kube\/|\.docker\/config\.json$)/

/** Why a file should not be in an image; undefined when nothing speaks against it. `from` is its absolute path. */
export function secretIn(path: string, from: string): string | undefined {
  const name = posix.basename(path)
  if (environmentSample.test(name)) return undefined
  const known = secretNames.find(({ pattern }) => pattern.test(name))
  if (known) return known.what
  if (credentialPath.test(path)) return 'in a folder of credentials'
  return keyLikeName.test(name) && privateKeyMark.test(beginningOf(from)) ? 'a private key' : undefined
}

/** Enough of a file to see what it is: keys begin with their mark, JSON keys have it within the first lines. */
function beginningOf(path: string): string {
  const buffer = Buffer.alloc(8192)
  const file = openSync(path, 'r')
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer))
  } finally {
    closeSync(file)
  }
}

/** The finding about a secret that was left out, or that goes in because the project names it. */
export function secretFinding(path: string, what: string, named: boolean): Finding {
  return named
    ? {
        rule: 'project/secret-included',
        severity: 'warning',
        message: `${path} goes into the image because it is named explicitly; it is ${what}`,
        hint: 'whoever can pull the image can read it; give secrets to the container when it starts',
        details: { file: path },
      }
    : {
        rule: 'project/secret-left-out',
        severity: 'warning',
        message: `${path} was left out of the image: it is ${what}`,
        hint: 'give secrets to the container when it starts; if the image must hold this file, name it in "include"',
        details: { file: path },
      }
}
