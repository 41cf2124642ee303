/** Instructions of a Dockerfile as values: what was written, and where. Nothing here is expanded yet. */
import type { LogicalText, TextRange } from '../base/index.ts'

export const keywords = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const
export type Keyword = (typeof keywords)[number]

/** A piece of an instruction as it was written, quotes and `$` included. */
export interface Word {
  readonly text: string
  readonly range: TextRange
}

/** `--name=value` or `--name`; quotes and escapes are removed, variables are not expanded. */
export interface Flag {
  readonly name: string
  readonly value: string | undefined
  readonly range: TextRange
  /** the value as written; at the flag's end when it has none */
  readonly valueRange: TextRange
}

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  readonly name: string
  /** whether variables in it are expanded (its name was not quoted) */
  readonly expand: boolean
  /** `<<-`: leading tabs are dropped */
  readonly stripTabs: boolean
  readonly content: string
  /** as it stands in the file, tabs included */
  readonly raw: string
  readonly range: TextRange
}

/** One option of `--mount`, such as `target=/root/.npm`. */
export interface MountField {
  readonly name: string
  readonly value: string
  readonly range: TextRange
  readonly valueRange: TextRange
}

/** A `--mount` of RUN. */
export interface Mount {
  readonly type: string
  readonly fields: readonly MountField[]
  readonly flag: Flag
}

export interface NamedValue {
  readonly name: Word
  /** absent for `ARG name` */
  readonly value?: Word
}

interface Common {
  readonly range: TextRange
  readonly keywordRange: TextRange
  readonly flags: readonly Flag[]
  /** what follows the keyword and the flags */
  readonly body: LogicalText
  readonly heredocs: readonly Heredoc[]
}

export interface FromInstruction extends Common {
  readonly keyword: 'FROM'
  readonly image: Word
  readonly platform?: Flag
  readonly alias?: Word
}

export interface ArgInstruction extends Common {
  readonly keyword: 'ARG'
  readonly pairs: readonly NamedValue[]
}

/** ENV and LABEL. */
export interface NamesInstruction extends Common {
  readonly keyword: 'ENV' | 'LABEL'
  readonly pairs: readonly NamedValue[]
}

export interface RunInstruction extends Common {
  readonly keyword: 'RUN'
  /** the arguments of the JSON form; absent for the shell form, which is `body` */
  readonly exec?: readonly Word[]
  readonly mounts: readonly Mount[]
}

export interface CopyInstruction extends Common {
  readonly keyword: 'COPY' | 'ADD'
  readonly sources: readonly Word[]
  readonly destination: Word
  /** `--from` of COPY */
  readonly from?: Flag
}

/** CMD, ENTRYPOINT and SHELL. */
export interface CommandInstruction extends Common {
  readonly keyword: 'CMD' | 'ENTRYPOINT' | 'SHELL'
  readonly exec?: readonly Word[]
}

export interface OnbuildInstruction extends Common {
  readonly keyword: 'ONBUILD'
  readonly trigger: Instruction
}

/** The rest: their arguments are words. */
export interface WordsInstruction extends Common {
  readonly keyword: 'EXPOSE' | 'HEALTHCHECK' | 'MAINTAINER' | 'STOPSIGNAL' | 'USER' | 'VOLUME' | 'WORKDIR'
  readonly words: readonly Word[]
}

export type Instruction =
  | FromInstruction
  | ArgInstruction
  | NamesInstruction
  | RunInstruction
  | CopyInstruction
  | CommandInstruction
  | OnbuildInstruction
  | WordsInstruction

/** What is wrong with a Dockerfile, and where. */
export interface DockerfileProblem {
  readonly message: string
  /** what was expected instead */
  readonly expected?: string
  readonly range: TextRange
}

/** The field of a mount, by any of its names. */
export function mountField(mount: Mount, ...names: string[]): MountField | undefined {
  return mount.fields.findLast((field) => names.includes(field.name))
}

export function flagOf(instruction: Instruction, name: string): Flag | undefined {
  return instruction.flags.find((flag) => flag.name === name)
}

/** The words in which BuildKit itself expands variables; RUN, CMD and ENTRYPOINT leave that to the shell. ARG and ENV apart. */
export function expandedWords(instruction: Instruction): Word[] {
  switch (instruction.keyword) {
    case 'COPY':
    case 'ADD':
      return [...instruction.sources, instruction.destination]
    case 'LABEL':
      return instruction.pairs.flatMap(({ name, value }) => (value ? [name, value] : [name]))
    case 'EXPOSE':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return [...instruction.words]
    default:
      return []
  }
}
