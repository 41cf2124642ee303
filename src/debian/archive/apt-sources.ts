/** apt's lists of archives: deb822 `.sources` files and one-line `.list` files (sources.list(5)). */
import { parseStanzas, words } from '../control/stanza.ts'
import { DebianError } from '../debian-error.ts'

/** One entry: every suite at every URI. Entries for source packages, and disabled ones, are left out. */
export interface AptSource {
  uris: readonly string[]
  suites: readonly string[]
  components: readonly string[]
  /** file names, fingerprints, or an armored key; as the option has it */
  signedBy?: string
  checkValidUntil?: boolean
  checkDate?: boolean
}

/** Parses a deb822 file; `file` names it in errors. Throws `DebianError` `DEBIAN_APT_CONFIGURATION`. */
export function parseSourcesFile(text: string, file: string): AptSource[] {
  return parseStanzas(text, (why) => invalid(file, why))
    .filter((stanza) => words(stanza.get('types')).includes('deb') && stanza.get('enabled') !== 'no')
    .map((stanza) =>
      toSource(
        words(stanza.get('uris')),
        words(stanza.get('suites')),
        words(stanza.get('components')),
        (option) => stanza.get(option),
      ),
    )
}

/** Parses a one-line file; `file` names it in errors. Throws `DebianError` `DEBIAN_APT_CONFIGURATION`. */
export function parseSourcesList(text: string, file: string): AptSource[] {
  const sources: AptSource[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, type, optionText, rest = ''] =
      /^\s*([a-z-]+)\s+(?:\[([^\]]*)\]\s*)?(.*)$/.exec(line.replace(/#.*/, '')) ?? []
    if (type === undefined) {
      if (line.replace(/#.*/, '').trim() !== '') throw invalid(file, `line ${index + 1} is no source`)
      continue
    }
    if (type !== 'deb') continue
    const [uri, suite, ...components] = words(rest)
    if (uri === undefined || suite === undefined) throw invalid(file, `line ${index + 1} names no suite`)
    const options = new Map(words(optionText).map((option) => option.split('=', 2) as [string, string]))
    sources.push(toSource([uri], [suite], components, (option) => options.get(option)))
  }
  return sources
}

function toSource(
  uris: string[],
  suites: string[],
  components: string[],
  option: (name: string) => string | undefined,
): AptSource {
  const signedBy = option('signed-by')
  const checkValidUntil = aptBoolean(option('check-valid-until'))
  const checkDate = aptBoolean(option('check-date'))
  return {
    uris,
    suites,
    components,
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(checkValidUntil === undefined ? {} : { checkValidUntil }),
    ...(checkDate === undefined ? {} : { checkDate }),
  }
}

/** apt's words for yes and no; undefined for anything else. */
export function aptBoolean(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase()) {
    case 'yes':
    case 'true':
    case 'with':
    case 'on':
    case 'enable':
    case '1':
      return true
    case 'no':
    case 'false':
    case 'without':
    case 'off':
    case 'disable':
    case '0':
      return false
    default:
      return undefined
  }
}

function invalid(file: string, why: string): DebianError {
  return new DebianError('DEBIAN_APT_CONFIGURATION', `${file}: ${why}`, {
    kind: 'usage',
    hint: 'repair the file (apt reads it too), or name the archive with --debian-mirror',
    details: { file },
  })
}
