/**
 * What a `binding.gyp` asks of the system on Linux: read with the files that it includes and depends on. Where a condition
 * cannot be decided before the build, both ways count.
 */
import { posix } from 'node:path'
import { collect, type CancelOptions } from '../../../base/index.ts'
import type { UnpackedPackage } from '../../../npm/index.ts'
import { expand, type Lookup, truthOf } from './gyp-condition.ts'
import { type GypDictionary, type GypValue, isDictionary, parseGyp } from './parse-gyp.ts'

export interface GypBuild {
  /** the newest C++ standard that a flag names, such as 20 */
  cxxStandard?: number
  /** libraries as they are asked for: modules of pkg-config, programs such as `pg_config`, names behind `-l` */
  asksFor: { by: 'pkg-config' | 'program' | 'linker'; name: string }[]
  /** source files, relative to the package */
  sources: string[]
}

/** Files of one build that are read; the largest real ones have some thirty. */
const maxFiles = 200
const maxFileBytes = 4 << 20

/** Reads the build of a package; undefined when it has no `binding.gyp`. */
export async function gypBuild(
  content: UnpackedPackage,
  { signal }: CancelOptions,
): Promise<GypBuild | undefined> {
  if (!content.file('binding.gyp')) return undefined
  const strings: KeyedString[] = []
  const variables = new Map<string, string>([['OS', 'linux']])
  const queue = ['binding.gyp']
  for (const path of queue) {
    const file = content.file(path)
    if (file?.type !== 'file' || file.size > maxFileBytes || queue.length > maxFiles) continue
    const bytes = await collect(file.content({ signal }), file.size, path)
    const found = stringsOf(parseGyp(new TextDecoder().decode(bytes)), variables, path)
    strings.push(...found)
    for (const next of found.flatMap(otherFile)) if (!queue.includes(next)) queue.push(next)
  }
  const cxxStandard = newestStandard(strings)
  return {
    ...(cxxStandard === undefined ? {} : { cxxStandard }),
    asksFor: libraries(strings),
    sources: strings.flatMap(({ key, text, file }) =>
      key === 'sources' ? posix.join(posix.dirname(file), text) : [],
    ),
  }
}

/** A text of a build with the setting that it belongs to. */
interface KeyedString {
  key: string
  text: string
  file: string
}

/** Settings of other systems' tools. */
const foreignKey = /^(?:msvs_|xcode_settings|msbuild)/

function stringsOf(root: GypDictionary, variables: Map<string, string>, file: string): KeyedString[] {
  const found: KeyedString[] = []
  const lookup: Lookup = (name) => variables.get(name.replace(/%$/, ''))
  const visit = (value: GypValue, key: string): void => {
    if (typeof value === 'string') found.push({ key, text: expand(value, lookup) ?? value, file })
    else if (Array.isArray(value)) for (const item of value) visit(item, key)
    else if (isDictionary(value)) dictionary(value)
  }
  const dictionary = ({ pairs }: GypDictionary): void => {
    // Variables come first: conditions beside them may ask for them.
    for (const [key, value] of pairs) if (key === 'variables' && isDictionary(value)) define(value)
    for (const [key, value] of pairs) {
      if (key === 'variables' || foreignKey.test(key) || key.endsWith('!')) continue
      if (/^(?:target_)?conditions$/.test(key) && Array.isArray(value)) value.forEach(condition)
      else visit(value, key.replace(/[+?=/]$/, ''))
    }
  }
  const define = ({ pairs }: GypDictionary): void => {
    for (const [key, value] of pairs) {
      const name = key.replace(/%$/, '')
      if (key === 'variables' && isDictionary(value)) define(value)
      else if (key === 'conditions' && Array.isArray(value)) value.forEach(condition)
      else if (typeof value === 'string' || typeof value === 'number') {
        const known = expand(String(value), lookup)
        if (known === undefined) visit(value, 'variables')
        if (known !== undefined && !(key.endsWith('%') && variables.has(name))) variables.set(name, known)
      }
    }
  }
  const condition = (entry: GypValue): void => {
    if (!Array.isArray(entry)) return
    // [condition, then, condition, then, …, else]
    for (let at = 0; at < entry.length; at += 2) {
      const [test, then] = [entry[at], entry[at + 1]]
      if (typeof test !== 'string') {
        if (isDictionary(test)) dictionary(test)
        return
      }
      const truth = truthOf(test, lookup)
      if (truth !== false && isDictionary(then)) dictionary(then)
      if (truth === true) return
    }
  }
  dictionary(root)
  return found
}

function otherFile({ key, text, file }: KeyedString): string[] {
  if (key !== 'dependencies' && key !== 'includes' && key !== 'export_dependent_settings') return []
  const path = /^([^<>:]+\.gypi?)(?::|$)/.exec(text)?.[1]
  return path === undefined ? [] : [posix.join(posix.dirname(file), path)]
}

/** Standards by their names while they were drafts. */
const drafts: Readonly<Record<string, number>> = {
  '0x': 11,
  '1y': 14,
  '1z': 17,
  '2a': 20,
  '2b': 23,
  '2c': 26,
}

/** The newest C++ standard that compiler flags name. */
function newestStandard(strings: readonly { text: string }[]): number | undefined {
  const named = strings.flatMap(({ text }) =>
    [...text.matchAll(/-std=(?:c|gnu)\+\+(\w\w)/g)].map(([, name = '']) => drafts[name] ?? Number(name)),
  )
  // 98 and 03 are older than 11.
  const known = named.filter((standard) => standard >= 11 && standard < 98)
  return known.length > 0 ? Math.max(...known) : undefined
}

function libraries(strings: readonly KeyedString[]): GypBuild['asksFor'] {
  const asked = strings.flatMap(({ key, text }): GypBuild['asksFor'] => [
    ...pkgConfigModules(text).map((name) => ({ by: 'pkg-config' as const, name })),
    ...[...text.matchAll(/\b(\w+[+-]*config)\b(?!\.)/g)]
      .map(([, name = '']) => name)
      .filter((name) => /^(?:pg_|krb5-|xml2-|curl-|mysql_|mariadb_|icu-|Magick\+\+-|pcap-)config$/.test(name))
      .map((name) => ({ by: 'program' as const, name })),
    ...(/^(?:libraries|ldflags|link_settings)$/.test(key) ? linkedNames(text) : []),
  ])
  return [...new Map(asked.map((one) => [`${one.by} ${one.name}`, one])).values()]
}

/** `<!@(pkg-config --libs cairo pangocairo | sed …)` */
function pkgConfigModules(text: string): string[] {
  return [...text.matchAll(/\bpkg-config\b([^|)]*)/g)].flatMap(([, words = '']) =>
    words
      .split(/[\s"'`]+/)
      .filter((word) => /^[A-Za-z][\w.+-]*$/.test(word) && !/^(?:echo|true|false|sed|and|or)$/.test(word)),
  )
}

function linkedNames(text: string): GypBuild['asksFor'] {
  return [...text.matchAll(/(?:^|\s)-l:?(?:lib)?([\w+.-]+?)(?:\.so[\d.]*|\.a)?(?=\s|$)/g)].map(
    ([, name = '']) => ({
      by: 'linker',
      name,
    }),
  )
}
