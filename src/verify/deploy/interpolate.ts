/** Variables in compose files (compose specification, "Interpolation"): `$NAME`, `${NAME}`, with `:-`, `-`, `:+`, `+`, `:?`, `?`. */

type Environment = Readonly<Record<string, string | undefined>>

const pattern = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g

/** The text with its variables replaced; undefined when one has no value. */
export function interpolate(text: string, env: Environment): string | undefined {
  let isComplete = true
  const result = text.replace(
    pattern,
    (_all, dollar?: string, plain?: string, braced?: string, operator = '', word = '') => {
      if (dollar) return '$'
      const value = env[plain ?? braced ?? '']
      const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'))
      if (operator.endsWith('+')) return isSet ? word : ''
      if (isSet) return value
      if (operator.endsWith('-')) return word
      isComplete = false
      return ''
    },
  )
  return isComplete ? result : undefined
}
