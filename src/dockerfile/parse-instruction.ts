/** One logical line → one instruction. */
import type { LogicalText, TextRange } from '../base/index.ts'
import { flagProblems, mountsOf, takeFlags } from './flags.ts'
import {
  type DockerfileProblem,
  type Flag,
  type Heredoc,
  type Instruction,
  type Keyword,
  keywords,
} from './instruction.ts'
import { argumentsOf, jsonWords, namedValues, splitAtSpaces, splitWords } from './words.ts'

interface Parts {
  keyword: Keyword
  range: TextRange
  keywordRange: TextRange
  flags: readonly Flag[]
  body: LogicalText
  heredocs: readonly Heredoc[]
}

export interface LineParser {
  escape: string
  problems: DockerfileProblem[]
}

/** Parses a logical line; undefined (and a problem) when it is not a usable instruction. */
export function parseInstruction(line: LogicalText, parser: LineParser): Instruction | undefined {
  const [word = ''] = line.text.trimStart().split(/[\t\v\f\r ]+/u, 1)
  const start = line.text.indexOf(word)
  const keywordRange = line.range(start, start + word.length)
  const keyword = keywords.find((name) => name === word.toUpperCase())
  if (!keyword) {
    parser.problems.push({
      message: `${word} is not an instruction`,
      expected: `one of ${keywords.join(', ')}`,
      range: keywordRange,
    })
    return undefined
  }
  const { flags, body } = takeFlags(line.slice(start + word.length).trim())
  parser.problems.push(...flagProblems(keyword, flags))
  const parts: Parts = { keyword, range: line.trim().whole, keywordRange, flags, body, heredocs: [] }
  if (body.length === 0 && keyword !== 'CMD' && keyword !== 'ENTRYPOINT') {
    parser.problems.push({
      message: `${keyword} has no argument`,
      expected: usage[keyword],
      range: parts.range,
    })
    return undefined
  }
  return build(parts, parser)
}

const usage: Record<Keyword, string> = {
  ADD: 'ADD source… destination',
  ARG: 'ARG name[=default]',
  CMD: 'CMD ["program", "argument"]',
  COPY: 'COPY source… destination',
  ENTRYPOINT: 'ENTRYPOINT ["program", "argument"]',
  ENV: 'ENV name=value …',
  EXPOSE: 'EXPOSE port[/protocol] …',
  FROM: 'FROM [--platform=…] image [AS name]',
  HEALTHCHECK: 'HEALTHCHECK [options] CMD command, or HEALTHCHECK NONE',
  LABEL: 'LABEL name=value …',
  MAINTAINER: 'MAINTAINER name',
  ONBUILD: 'ONBUILD instruction',
  RUN: 'RUN command',
  SHELL: 'SHELL ["program", "argument"]',
  STOPSIGNAL: 'STOPSIGNAL signal',
  USER: 'USER name[:group]',
  VOLUME: 'VOLUME path …',
  WORKDIR: 'WORKDIR path',
}

function build(parts: Parts, parser: LineParser): Instruction | undefined {
  const { keyword } = parts
  switch (keyword) {
    case 'FROM':
      return buildFrom({ ...parts, keyword }, parser)
    case 'ARG':
      return { ...parts, keyword, pairs: argumentsOf(parts.body, parser.escape) }
    case 'ENV':
    case 'LABEL':
      return buildNames({ ...parts, keyword }, parser)
    case 'RUN':
      return { ...parts, keyword, ...execForm(parts, parser), mounts: mountsOf(parts.flags, parser.problems) }
    case 'COPY':
    case 'ADD':
      return buildCopy({ ...parts, keyword }, parser)
    case 'CMD':
    case 'ENTRYPOINT':
      return { ...parts, keyword, ...execForm(parts, parser) }
    case 'SHELL':
      return buildShell({ ...parts, keyword }, parser)
    case 'ONBUILD':
      return buildOnbuild({ ...parts, keyword }, parser)
    case 'VOLUME':
      return { ...parts, keyword, words: listForm(parts, parser) }
    default:
      return { ...parts, keyword, words: splitAtSpaces(parts.body) }
  }
}

function reject(parts: Parts, parser: LineParser, message: string, range = parts.range): undefined {
  parser.problems.push({ message, expected: usage[parts.keyword], range })
  return undefined
}

function buildFrom(parts: Parts & { keyword: 'FROM' }, parser: LineParser): Instruction | undefined {
  const words = splitAtSpaces(parts.body)
  const [image, as, alias] = words
  if (!image || (words.length !== 1 && words.length !== 3))
    return reject(parts, parser, 'FROM takes one or three words')
  if (as && as.text.toUpperCase() !== 'AS')
    return reject(parts, parser, `${as.text} stands where AS belongs`, as.range)
  if (alias && !/^[a-z][a-z0-9-_.]*$/u.test(alias.text.toLowerCase())) {
    return reject(
      parts,
      parser,
      `${alias.text} is not a name for a stage: a letter, then letters, digits, - _ .`,
      alias.range,
    )
  }
  const platform = parts.flags.find((flag) => flag.name === 'platform')
  return { ...parts, image, ...(platform ? { platform } : {}), ...(alias ? { alias } : {}) }
}

function buildNames(
  parts: Parts & { keyword: 'ENV' | 'LABEL' },
  parser: LineParser,
): Instruction | undefined {
  const pairs = namedValues(parts.body, parser.escape)
  if (!('offender' in pairs)) return { ...parts, pairs }
  const { offender } = pairs
  return reject(parts, parser, `${offender.text} has no value: name=value is needed`, offender.range)
}

function buildCopy(parts: Parts & { keyword: 'COPY' | 'ADD' }, parser: LineParser): Instruction | undefined {
  const words = listForm(parts, parser)
  const destination = words.at(-1)
  if (!destination || words.length < 2) {
    return reject(parts, parser, `${parts.keyword} needs a source and a destination`)
  }
  const from = parts.flags.find((flag) => flag.name === 'from')
  return { ...parts, sources: words.slice(0, -1), destination, ...(from ? { from } : {}) }
}

function buildShell(parts: Parts & { keyword: 'SHELL' }, parser: LineParser): Instruction | undefined {
  const { exec } = execForm(parts, parser)
  return exec && exec.length > 0
    ? { ...parts, exec }
    : reject(parts, parser, 'SHELL takes the JSON form only')
}

function buildOnbuild(parts: Parts & { keyword: 'ONBUILD' }, parser: LineParser): Instruction | undefined {
  const trigger = parseInstruction(parts.body, parser)
  if (!trigger) return undefined
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger.keyword)) {
    return reject(parts, parser, `${trigger.keyword} is not allowed after ONBUILD`, trigger.keywordRange)
  }
  return { ...parts, trigger }
}

/** The JSON form when the body is one; an empty object for the shell form. */
function execForm(
  parts: Parts,
  parser: LineParser,
): { exec?: readonly { text: string; range: TextRange }[] } {
  const words = jsonWords(parts.body)
  if (words === undefined) return {}
  if (words !== 'not-strings') return { exec: words }
  reject(parts, parser, 'the JSON form takes strings only', parts.body.whole)
  return {}
}

/** A JSON array, or words separated by spaces. */
function listForm(parts: Parts, parser: LineParser): readonly { text: string; range: TextRange }[] {
  return execForm(parts, parser).exec ?? splitWords(parts.body, parser.escape)
}
