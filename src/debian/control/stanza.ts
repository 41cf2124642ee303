/**
 * Debian control data (deb822(5)): stanzas of `Field: value` lines, continued by lines that begin with a blank, separated by
 * empty lines. Field names are case-insensitive.
 */
import type { DebianError } from '../debian-error.ts'

/** Fields by lower-case name. A value's lines are joined by newlines, without the blank that marks a continuation. */
export type Stanza = ReadonlyMap<string, string>

/** Parses all stanzas of a text. Throws what `malformed` makes of a reason that begins with a line number. */
export function parseStanzas(text: string, malformed: (why: string) => DebianError): Stanza[] {
  const stanzas: Stanza[] = []
  let fields = new Map<string, string>()
  let name: string | undefined
  const finish = () => {
    if (fields.size > 0) stanzas.push(fields)
    fields = new Map()
    name = undefined
  }
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('#')) continue
    if (line.trim() === '') finish()
    else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name === undefined) throw malformed(`line ${index + 1} continues no field`)
      fields.set(name, `${fields.get(name)}\n${line.slice(1)}`)
    } else {
      const colon = line.indexOf(':')
      if (colon < 1) throw malformed(`line ${index + 1} is neither a field nor the continuation of one`)
      name = line.slice(0, colon).trimEnd().toLowerCase()
      if (fields.has(name)) throw malformed(`line ${index + 1} repeats the field ${line.slice(0, colon)}`)
      fields.set(name, line.slice(colon + 1).trim())
    }
  }
  finish()
  return stanzas
}

/** A value's words: separated by blanks and line ends. */
export function words(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(/\s+/).filter(Boolean)
}
