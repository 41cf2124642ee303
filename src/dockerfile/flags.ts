/** Flags (`--name=value`) of instructions, and the options of `--mount`. */
import type { LogicalText } from '../base/index.ts'
import type { DockerfileProblem, Flag, Keyword, Mount, MountField } from './instruction.ts'

/** The flags that each instruction knows, in the newest Dockerfile syntax. */
const knownFlags: Partial<Record<Keyword, readonly string[]>> = {
  ADD: ['checksum', 'chmod', 'chown', 'exclude', 'keep-git-dir', 'link', 'unpack'],
  COPY: ['chmod', 'chown', 'exclude', 'from', 'link', 'parents'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'retries', 'start-interval', 'start-period', 'timeout'],
  RUN: ['device', 'mount', 'network', 'security'],
}

const mountTypes = new Set(['bind', 'cache', 'secret', 'ssh', 'tmpfs'])

/** Cuts the flags off the front of an instruction's arguments. */
export function takeFlags(args: LogicalText): { flags: Flag[]; body: LogicalText } {
  const flags: Flag[] = []
  let at = 0
  for (;;) {
    while (at < args.length && /\s/u.test(args.text[at] as string)) at++
    if (!args.text.startsWith('--', at)) return { flags, body: args.slice(at) }
    const { end, text, equals } = readFlag(args.text, at)
    if (text === '--') return { flags, body: args.slice(end) }
    flags.push(toFlag(args, at, end, text, equals))
    at = end
  }
}

/** Reads one flag; `equals` is where its first `=` stands in the raw text. */
function readFlag(source: string, start: number): { end: number; text: string; equals: number } {
  let text = ''
  let quote = ''
  let equals = -1
  let at = start
  for (; at < source.length; at++) {
    const character = source[at] as string
    if (quote === '' && /\s/u.test(character)) break
    if (quote === '' && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = ''
    else if (character === '\\') text += source[++at] ?? ''
    else {
      if (character === '=' && equals === -1) equals = at
      text += character
    }
  }
  return { end: Math.min(at, source.length), text, equals }
}

function toFlag(args: LogicalText, start: number, end: number, text: string, equals: number): Flag {
  const split = text.indexOf('=')
  return {
    name: text.slice(2, split === -1 ? undefined : split).toLowerCase(),
    value: split === -1 ? undefined : text.slice(split + 1),
    range: args.range(start, end),
    valueRange: equals === -1 ? args.range(end, end) : args.range(equals + 1, end),
  }
}

/** What is wrong with the flags of an instruction. */
export function flagProblems(keyword: Keyword, flags: readonly Flag[]): DockerfileProblem[] {
  const known = knownFlags[keyword] ?? []
  return flags
    .filter((flag) => !known.includes(flag.name))
    .map((flag) => ({
      message: `${keyword} has no flag --${flag.name}`,
      expected: known.length > 0 ? known.map((name) => `--${name}`).join(', ') : 'no flag',
      range: flag.range,
    }))
}

/** The mounts of a RUN instruction. */
export function mountsOf(flags: readonly Flag[], problems: DockerfileProblem[]): Mount[] {
  return flags.filter((flag) => flag.name === 'mount').map((flag) => toMount(flag, problems))
}

function toMount(flag: Flag, problems: DockerfileProblem[]): Mount {
  const fields: MountField[] = []
  let at = flag.valueRange.start
  for (const part of (flag.value ?? '').split(',')) {
    const equals = part.indexOf('=')
    const range = { start: at, end: Math.min(at + part.length, flag.range.end) }
    fields.push({
      name: part
        .slice(0, equals === -1 ? undefined : equals)
        .trim()
        .toLowerCase(),
      value: equals === -1 ? '' : part.slice(equals + 1),
      range,
      valueRange: { start: equals === -1 ? range.end : at + equals + 1, end: range.end },
    })
    at += part.length + 1
  }
  const type = fields.findLast((field) => field.name === 'type')?.value.toLowerCase() ?? 'bind'
  if (!mountTypes.has(type) && !type.includes('$')) {
    problems.push({
      message: `${type || 'an empty value'} is not a type of mount`,
      expected: [...mountTypes].join(', '),
      range: flag.range,
    })
  }
  return { type, fields, flag }
}
