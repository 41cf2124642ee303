/** Conditions of GYP (`OS=="linux" and target_arch!="arm"`), as far as they can be known before a build. */

/** Undefined: it depends on something that only the build knows. */
export type Truth = boolean | undefined

/** A variable's text; undefined when it is not known. */
export type Lookup = (name: string) => string | undefined

const token =
  /\s*(?:(?<op>==|!=|<=|>=|<(?![(!@|])|>(?![(!@|])|\(|\))|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<word>(?:[<>][!@|]*\([^)]*\)|[\w.%])+)|(?<other>\S))/y

/** What a condition says. */
export function truthOf(condition: string, lookup: Lookup): Truth {
  return new ConditionParser(condition, lookup).or()
}

class ConditionParser {
  readonly #tokens: { kind: 'op' | 'text' | 'word' | 'other'; value: string }[] = []
  readonly #lookup: Lookup
  #at = 0

  constructor(condition: string, lookup: Lookup) {
    this.#lookup = lookup
    token.lastIndex = 0
    for (let match = token.exec(condition); match?.groups; match = token.exec(condition)) {
      const { op, text, word, other } = match.groups
      if (op !== undefined) this.#tokens.push({ kind: 'op', value: op })
      else if (text !== undefined) this.#tokens.push({ kind: 'text', value: text.slice(1, -1) })
      else if (word !== undefined) this.#tokens.push({ kind: 'word', value: word })
      else this.#tokens.push({ kind: 'other', value: other ?? '' })
    }
  }

  or(): Truth {
    let truth = this.#and()
    while (this.#take('or')) truth = either(truth, this.#and())
    return truth
  }

  #and(): Truth {
    let truth = this.#not()
    while (this.#take('and')) truth = both(truth, this.#not())
    return truth
  }

  #not(): Truth {
    if (!this.#take('not')) return this.#comparison()
    const truth = this.#comparison()
    return truth === undefined ? undefined : !truth
  }

  #comparison(): Truth {
    if (this.#take('(')) {
      const truth = this.or()
      this.#take(')')
      return truth
    }
    const left = this.#operand()
    const operator = this.#tokens[this.#at]?.value
    if (operator === 'in') return this.#membership(left)
    if (!['==', '!=', '<', '>', '<=', '>='].includes(operator ?? '')) {
      return left === undefined ? undefined : left !== '' && left !== '0'
    }
    this.#at++
    const right = this.#operand()
    if (left === undefined || right === undefined) return undefined
    return compare(left, operator ?? '', right)
  }

  /** `OS in "linux freebsd"`, `OS in ["linux"]` */
  #membership(left: string | undefined): Truth {
    this.#at++
    const members: string[] = []
    for (let next = this.#tokens[this.#at]; next; next = this.#tokens[++this.#at]) {
      if (next.kind === 'text') members.push(...next.value.split(/[\s,]+/))
      else if (next.kind !== 'other' && next.value !== '(') break
      if (next.value === ']') {
        this.#at++
        break
      }
    }
    return left === undefined ? undefined : members.includes(left)
  }

  #operand(): string | undefined {
    const next = this.#tokens[this.#at++]
    if (next?.kind === 'text') return expand(next.value, this.#lookup)
    if (next?.kind !== 'word') return undefined
    if (/^\d/.test(next.value)) return next.value
    return next.value.includes('(') ? expand(next.value, this.#lookup) : this.#lookup(next.value)
  }

  #take(value: string): boolean {
    const next = this.#tokens[this.#at]
    const found = next?.value === value && next.kind !== 'text'
    if (found) this.#at++
    return found
  }
}

/** A text with its `<(variables)`; undefined when one is not known, or a command (`<!(…)`) stands in it. */
export function expand(text: string, lookup: Lookup): string | undefined {
  let known = !/[<>][@|]*!/.test(text)
  const expanded = text.replace(/[<>]@?\(([\w%]+)\)/g, (_, name: string) => {
    const value = lookup(name)
    if (value === undefined) known = false
    return value ?? ''
  })
  return known ? expanded : undefined
}

function compare(left: string, operator: string, right: string): boolean {
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  const difference = Number(left) - Number(right)
  if (operator === '<') return difference < 0
  if (operator === '>') return difference > 0
  return operator === '<=' ? difference <= 0 : difference >= 0
}

function either(left: Truth, right: Truth): Truth {
  if (left === true || right === true) return true
  return left === undefined || right === undefined ? undefined : false
}

function both(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false
  return left === undefined || right === undefined ? undefined : true
}
