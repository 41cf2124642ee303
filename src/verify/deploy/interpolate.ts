/** Variables in compose files (compose specification, "Interpolation"): `$NAME`, `${NAME}`, with `:-`, `-`, `:+`, `+`, `:?`, `?`. */

export type Environment = Readonly<Record<string, string | undefined>>

const reference = /^\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)/

/** The text with its variables replaced; undefined when one has no value. Defaults may hold further variables. */
export function interpolate(text: string, env: Environment): string | undefined {
  let result = ''
  for (let at = 0; at < text.length; ) {
    const found = text[at] === '$' ? reference.exec(text.slice(at)) : null
    if (found === null) {
      result += text[at++]
      continue
    }
    const [opening, dollar, plain, braced, operator = ''] = found
    const start = at + opening.length
    const end = braced === undefined ? start : closingBrace(text, start)
    const value = dollar ?? valueOf(plain ?? braced ?? '', operator, text.slice(start, end), env)
    if (value === undefined) return undefined
    result += value
    at = braced === undefined ? end : end + 1
  }
  return result
}

function valueOf(name: string, operator: string, word: string, env: Environment): string | undefined {
  const value = env[name]
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'))
  if (operator.endsWith('+')) return isSet ? interpolate(word, env) : ''
  if (isSet) return value
  return operator.endsWith('-') ? interpolate(word, env) : undefined
}

/** Where the brace ends that was opened before `start`; the text's end when it does not. */
function closingBrace(text: string, start: number): number {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}
