/** A failure as a person reads it: what failed, why, what to do; and as a script reads it. Never a stack trace. */
import { CodedError, exitCodeOf, messageOf } from '../base/index.ts'
import { styles } from '../report/index.ts'

export interface FailureTextOptions {
  colour: boolean
  /** adds the chain of causes and the stack; for our own bugs and `--debug` */
  debug?: boolean
}

export function failureText(error: unknown, options: FailureTextOptions): string {
  const style = styles(options.colour)
  const exit = exitCodeOf(error)
  const lines = [`${style.red('error:')} ${messageOf(error)}`]
  if (error instanceof CodedError) {
    lines.push(...causes(error).map((text) => `  ${text}`))
    lines.push(...(error.hint?.split('\n') ?? []).map((line) => `  ${line}`))
  } else {
    lines.push(
      '  this is a bug of everyarch: please report it with the output of the same command and --debug',
    )
  }
  lines[lines.length - 1] += style.dim(`  (exit ${exit})`)
  if (options.debug && error instanceof Error && error.stack) lines.push(error.stack)
  return `${lines.join('\n')}\n`
}

function causes(error: CodedError): string[] {
  const texts: string[] = []
  for (let cause = error.cause; cause !== undefined && texts.length < 3; ) {
    const text = messageOf(cause)
    if (text !== '' && !error.message.includes(text)) texts.push(text)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return texts
}

/** The same for `--json`: one object on standard output. */
export function failureJson(error: unknown): string {
  const coded = error instanceof CodedError ? error : undefined
  const value = {
    error: {
      code: coded?.code ?? 'INTERNAL',
      message: messageOf(error),
      ...(coded?.hint ? { hint: coded.hint } : {}),
      ...(coded && Object.keys(coded.details).length > 0 ? { details: coded.details } : {}),
    },
    exitCode: exitCodeOf(error),
  }
  return `${JSON.stringify(value, null, 2)}\n`
}
