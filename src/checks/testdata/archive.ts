/** Several small files in one text: `-- path --` begins each. Fixtures are written so. */

export function parseArchive(text: string): Map<string, string> {
  const files = new Map<string, string>()
  let name: string | undefined
  for (const line of text.split(/(?<=\n)/)) {
    const match = /^-- (\S+) --\r?\n$/.exec(line)
    if (match) {
      name = match[1] as string
      files.set(name, '')
    } else if (name !== undefined) files.set(name, (files.get(name) ?? '') + line)
  }
  return files
}

/** The files of a project and, apart from them, what is expected: `findings` and `fixed/…`. */
export function parseFixture(text: string): {
  files: Map<string, string>
  findings: string[]
  fixed: Map<string, string>
} {
  const files = parseArchive(text)
  const findings = (files.get('findings') ?? '').split('\n').filter(Boolean)
  files.delete('findings')
  const fixed = new Map<string, string>()
  for (const [name, content] of files) {
    if (!name.startsWith('fixed/')) continue
    fixed.set(name.slice('fixed/'.length), content)
    files.delete(name)
  }
  return { files, findings, fixed }
}
