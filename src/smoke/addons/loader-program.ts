/**
 * The program that loads addons, run by the image's own Node with `-e`. It announces each file before it loads it, so that a
 * crash has a culprit; its lines are JSON behind a mark, as addons may print what they like.
 */
import type { Candidate } from './pick-addons.ts'

export const mark = '@everyarch@'

export type LoaderLine =
  | { event: 'node'; version: string; libc: string }
  | { event: 'loading'; path: string }
  | { event: 'loaded'; path: string }
  | { event: 'failed'; path: string; message: string }
  | { event: 'skipped'; path: string; reason: string }
  | { event: 'end' }

const program = `
const fs = require('node:fs')
const { exit } = process
const say = (line) => fs.writeSync(1, '\\n${mark}' + JSON.stringify(line) + '\\n')
const header = process.report && process.report.getReport().header
const libc = header && header.glibcVersionRuntime ? 'glibc' : 'musl'
say({ event: 'node', version: process.version, libc })
for (const { path, libc: wanted, abis } of JSON.parse(process.argv[1])) {
  if (wanted && wanted !== libc) { say({ event: 'skipped', path, reason: 'is for ' + wanted }); continue }
  if (abis && !abis.includes(Number(process.versions.modules))) { say({ event: 'skipped', path, reason: 'is for another Node ABI' }); continue }
  say({ event: 'loading', path })
  try {
    process.dlopen({ exports: {} }, '/' + path)
    say({ event: 'loaded', path })
  } catch (error) {
    say({ event: 'failed', path, message: String(error && error.message).slice(0, 1000) })
  }
}
say({ event: 'end' })
exit(0)
`

/** The command that loads these files in the image. */
export function loaderCommand(candidates: readonly Candidate[]): string[] {
  return ['node', '-e', program, JSON.stringify(candidates)]
}

/** A line of the program, when it is one. */
export function parseLoaderLine(line: string): LoaderLine | undefined {
  if (!line.startsWith(mark)) return undefined
  try {
    return JSON.parse(line.slice(mark.length)) as LoaderLine
  } catch {
    return undefined
  }
}
