import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The licence that a bundled package comes under, as it wants to be repeated: its text, else what its package.json says. */
export function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `License: ${license}`
  return `${name} ${version}\n\n${text}\n`
}
