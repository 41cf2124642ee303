/** What the name of a BuildKit step says: `[linux/arm64 deps 2/3] RUN npm ci`. */

export interface StepName {
  /** `run` executes a program of the image; `other` is the export, an import of a cache, a token */
  kind: 'run' | 'copy' | 'base' | 'context' | 'internal' | 'export' | 'other'
  /** the platform that the step runs on, as BuildKit writes it; only where a build has several */
  platform?: string
  /** the stage's name, or `stage-1` for one without */
  stage?: string
  /** `2/3`: which step of its stage */
  position?: string
  /** what it does: the instruction, or BuildKit's own words */
  text: string
}

export function parseStepName(name: string): StepName {
  const [, inner, rest = ''] = /^\[([^\]]*)\]\s*(.*)$/s.exec(name) ?? []
  if (inner === undefined) return { kind: isExport(name) ? 'export' : 'other', text: name }
  const words = inner.split(' ')
  const platform = words.find((word) => /^[a-z]+\/[a-z][a-z0-9]*(\/v\d+)?(->.*)?$/.test(word))?.split('->')[0]
  const position = words.find((word) => /^\d+\/\d+$/.test(word))
  const at = position === undefined ? -1 : words.indexOf(position)
  const before = at > 0 ? words[at - 1] : undefined
  const stage = before !== undefined && !before.startsWith(`${platform}`) ? before : undefined
  return {
    kind: kindOf(words, rest, position),
    ...(platform ? { platform } : {}),
    ...(stage ? { stage } : {}),
    ...(position ? { position } : {}),
    text: rest,
  }
}

function kindOf(words: readonly string[], text: string, position: string | undefined): StepName['kind'] {
  if (words.includes('internal')) return /build context/.test(text) ? 'context' : 'internal'
  if (position === undefined) return words[0] === 'context' ? 'context' : 'other'
  if (/^RUN\b/i.test(text)) return 'run'
  return /^FROM\b/i.test(text) ? 'base' : 'copy'
}

function isExport(name: string): boolean {
  return /^(exporting to |merging manifest|preparing build cache|exporting cache|pushing )/.test(name)
}
