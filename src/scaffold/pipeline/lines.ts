/** Text that is put together line by line. */

/** Each line moved to the right; empty lines stay empty. */
export function indented(text: string, columns: number): string {
  const space = ' '.repeat(columns)
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : space + line))
    .join('\n')
}

/** A command over several lines, as a shell reads it. */
export function continued(parts: readonly string[]): string {
  return parts.join(' \\\n  ')
}
