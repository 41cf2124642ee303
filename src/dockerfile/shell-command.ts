/**
 * The commands of a shell script: enough of the POSIX grammar to see which programs a RUN step (or a CI step) starts with
 * which arguments, and where each stands. Not an interpreter: what is quoted stays one word, what is substituted stays text.
 */
import { LogicalText, type TextRange } from '../base/index.ts'

export interface ShellWord {
  /** quotes and escapes removed; `$` expressions as they stand */
  readonly text: string
  readonly range: TextRange
}

export interface ShellCommand {
  /** `NAME=value` before the program */
  readonly assignments: readonly ShellWord[]
  /** the program and its arguments; redirections are left out */
  readonly words: readonly ShellWord[]
  readonly range: TextRange
  /** what stands between it and the next command: `&&`, `||`, `;`, `|`, `&`, a line end, or nothing */
  readonly operator: string
}

/** Words that only introduce or close a group: the command after them is what counts. */
const keywords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'do',
  'while',
  'until',
  '{',
  '!',
  'time',
  '(',
  'fi',
  'done',
  '}',
  ')',
  'esac',
])

/** Scripts by their text: many ask for the commands of the same one. */
const known = new WeakMap<LogicalText, readonly ShellCommand[]>()

/** The commands of a script, in the order in which they stand, those inside groups, loops and `$(…)` included. */
export function shellCommands(script: LogicalText | string): readonly ShellCommand[] {
  if (typeof script === 'string')
    return new ShellReader(LogicalText.join([{ text: script, offset: 0 }])).read()
  const commands = known.get(script) ?? new ShellReader(script).read()
  known.set(script, commands)
  return commands
}

interface Token {
  text: string
  start: number
  end: number
  operator: boolean
  quoted: boolean
}

class ShellReader {
  readonly #script: LogicalText
  readonly #text: string
  readonly #commands: ShellCommand[] = []
  #at = 0
  #current: Token[] = []

  constructor(script: LogicalText) {
    this.#script = script
    this.#text = script.text
  }

  read(): ShellCommand[] {
    for (let token = this.#token(); token; token = this.#token()) {
      if (token.operator) this.#finish(token.text)
      else this.#current.push(token)
    }
    this.#finish('')
    return this.#commands
  }

  #finish(operator: string): void {
    const tokens = this.#withoutRedirections(this.#current)
    this.#current = []
    while (tokens[0] && !tokens[0].quoted && keywords.has(tokens[0].text)) tokens.shift()
    const program = tokens.findIndex((token) => !/^[A-Za-z_]\w*=/u.test(token.text))
    const first = tokens[0]
    const last = tokens.at(-1)
    if (!first || !last) return
    const cut = program === -1 ? tokens.length : program
    this.#commands.push({
      assignments: tokens.slice(0, cut).map((token) => this.#word(token)),
      words: tokens.slice(cut).map((token) => this.#word(token)),
      range: this.#script.range(first.start, last.end),
      operator,
    })
  }

  #word(token: Token): ShellWord {
    return { text: token.text, range: this.#script.range(token.start, token.end) }
  }

  #withoutRedirections(tokens: Token[]): Token[] {
    const kept: Token[] = []
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index] as Token
      const redirection = !token.quoted && /^\d*(?:>>?|<|<<-?|>&|<&|&>)(.*)$/su.exec(token.text)
      if (!redirection) kept.push(token)
      else if (redirection[1] === '') index++ // its target is the next word
    }
    return kept
  }

  #token(): Token | undefined {
    const text = this.#text
    for (;;) {
      const character = text[this.#at]
      if (character === undefined) return undefined
      if (character === ' ' || character === '\t' || character === '\r') this.#at++
      else if (character === '\\' && /^\\\r?\n/u.test(text.slice(this.#at, this.#at + 3))) {
        this.#at = text.indexOf('\n', this.#at) + 1
      } else if (character === '#') {
        const end = text.indexOf('\n', this.#at)
        this.#at = end === -1 ? text.length : end
      } else break
    }
    const start = this.#at
    const operator = /^(?:&&|\|\||;;|;|\|&|\||&(?!>)|\n|\(|\))/u.exec(text.slice(start, start + 2))?.[0]
    if (operator === undefined) return this.#wordToken(start)
    this.#at += operator.length
    return { text: operator === '\n' ? ';' : operator, start, end: this.#at, operator: true, quoted: false }
  }

  #wordToken(start: number): Token {
    let word = ''
    let quoted = false
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string
      if (/[\s;|()]/u.test(character) || (character === '&' && !this.#redirects(word))) break
      if (character === "'") {
        quoted = true
        word += this.#upTo("'")
      } else if (character === '"') {
        quoted = true
        word += this.#doubleQuoted()
      } else if (character === '\\') {
        word += this.#text[this.#at + 1] === '\n' ? '' : (this.#text[this.#at + 1] ?? '')
        this.#at += 2
      } else if (character === '$' || character === '`') word += this.#substitution()
      else {
        word += character
        this.#at++
      }
    }
    return { text: word, start, end: Math.min(this.#at, this.#text.length), operator: false, quoted }
  }

  /** Whether the `&` here belongs to a redirection: `&>file`, `2>&1`. */
  #redirects(word: string): boolean {
    return this.#text[this.#at + 1] === '>' || word.endsWith('>') || word.endsWith('<')
  }

  #upTo(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1)
    const stop = end === -1 ? this.#text.length : end
    const text = this.#text.slice(this.#at + 1, stop)
    this.#at = stop + 1
    return text
  }

  #doubleQuoted(): string {
    let text = ''
    this.#at++
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const character = this.#text[this.#at] as string
      if (character === '\\') {
        const next = this.#text[this.#at + 1] ?? ''
        text += '"\\$`\n'.includes(next) ? next : `\\${next}`
        this.#at += 2
      } else if (character === '$' || character === '`') text += this.#substitution()
      else {
        text += character
        this.#at++
      }
    }
    this.#at++
    return text
  }

  /** `$name`, `${…}`, `$(…)` or a backquoted command: kept as text; the commands in it are read too. */
  #substitution(): string {
    const start = this.#at
    const opening = this.#text.slice(start, start + 2)
    if (this.#text[start] === '`') {
      const inner = this.#upTo('`')
      this.#inner(start + 1, start + 1 + inner.length)
    } else if (opening === '$(' && this.#text[start + 2] !== '(') {
      this.#at = closing(this.#text, start + 1, '(', ')')
      this.#inner(start + 2, this.#at - 1)
    } else if (opening === '$(' || opening === '${') {
      this.#at = closing(this.#text, start + 1, opening[1] as string, opening === '${' ? '}' : ')')
    } else this.#at++
    return this.#text.slice(start, this.#at)
  }

  #inner(start: number, end: number): void {
    this.#commands.push(...new ShellReader(this.#script.slice(start, Math.max(start, end))).read())
  }
}

/** The offset after the bracket that closes the one at `start`; the text's end when there is none. */
function closing(text: string, start: number, open: string, close: string): number {
  let depth = 0
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string
    if (character === '\\') at++
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === "'" || character === '"') quote = character
    else if (character === open) depth++
    else if (character === close && --depth === 0) return at + 1
  }
  return text.length
}
