/** `/etc/ssl/certs` as `update-ca-certificates` (8) fills it: the bundle, a link to each certificate, and a link by its hash. */
import { compareText } from '../../base/index.ts'
import { type DraftEntry, textFile, symlink } from './draft-entry.ts'
import { subjectHash } from './subject-hash.ts'

/** Where packages put certificates. */
export const certificateFolder = 'usr/share/ca-certificates/'

const storeFolder = 'etc/ssl/certs'

/** The store for the certificates of packages, given by path below `usr/share/ca-certificates/`. */
export function certificateStore(certificates: ReadonlyMap<string, Uint8Array>): DraftEntry[] {
  const names = [...certificates.keys()].sort(compareText)
  const texts = names.map((name) => Buffer.from(certificates.get(name) ?? []).toString('latin1'))
  const bundle = texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')
  const links = names.map((name, at) => ({ link: linkName(name), name, pem: texts[at] as string }))
  return [
    textFile('etc/ca-certificates.conf', names.map((name) => `${name}\n`).join('')),
    textFile(`${storeFolder}/ca-certificates.crt`, Buffer.from(bundle, 'latin1')),
    ...links.map(({ link, name }) => symlink(`${storeFolder}/${link}`, `/${certificateFolder}${name}`)),
    ...hashLinks(links),
  ]
}

/** `NAME.pem` with the characters replaced that `update-ca-certificates` replaces. */
function linkName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(/\.crt$/, '')
  return `${base.replaceAll(' ', '_').replaceAll(/[()]/g, '=').replaceAll(',', '_')}.pem`
}

/** `HASH.N` for each certificate, N counting those with one hash, in the order of their names. */
function hashLinks(links: readonly { link: string; pem: string }[]): DraftEntry[] {
  const counts = new Map<string, number>()
  return links
    .toSorted((a, b) => compareText(a.link, b.link))
    .flatMap(({ link, pem }) => {
      const [, body] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem) ?? []
      if (body === undefined) return []
      const hash = subjectHash(Buffer.from(body, 'base64'))
      const count = counts.get(hash) ?? 0
      counts.set(hash, count + 1)
      return [symlink(`${storeFolder}/${hash}.${count}`, link)]
    })
}
