import { DebianError } from '../debian-error.ts'
import { type Archive, type ArchiveParts, partSuite } from './archive.ts'

/**
 * The parts of a suite on a mirror that the user named. Security updates are looked for beside it: in the archive whose
 * folder has `-security` behind the last `debian` of the path (`…/debian` and `…/debian-security`, as Debian's own servers,
 * its mirrors and its snapshots have it), and in the mirror itself.
 * Throws `DebianError` `DEBIAN_NO_MIRROR` for what is no URL of an archive.
 */
export function mirrorArchives(mirror: string, suite: string, checkValidUntil: boolean): ArchiveParts {
  const uri = archiveUri(mirror)
  const at = (place: string, part: keyof ArchiveParts): Archive[] => {
    const name = partSuite(suite, part)
    const trust = [{ kind: 'debian' }] as const
    return name === undefined ? [] : [{ uri: place, suite: name, trust, checkValidUntil, checkDate: true }]
  }
  const beside = uri.replace(/\/debian(?=\/|$)(?!.*\/debian(?=\/|$))/, '/debian-security')
  return {
    release: at(uri, 'release'),
    updates: at(uri, 'updates'),
    security: [...(beside === uri ? [] : at(beside, 'security')), ...at(uri, 'security')],
  }
}

function archiveUri(mirror: string): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined
  if (url && ['http:', 'https:', 'file:'].includes(url.protocol) && url.search === '' && url.hash === '')
    return mirror.replace(/\/+$/, '')
  throw new DebianError('DEBIAN_NO_MIRROR', `${JSON.stringify(mirror)} is not the URL of a Debian archive`, {
    kind: 'usage',
    hint: 'a mirror is the http:, https: or file: URL of the folder that holds dists/ and pool/, such as https://mirror.example/debian',
  })
}
