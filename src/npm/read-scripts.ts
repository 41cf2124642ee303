/**
 * What install scripts would do, from their text: the commands of package.json, what `npm run` in them stands for, and the
 * files that `node` runs, with the files of the package that those require.
 */
import { posix } from 'node:path'
import { collect } from '../base/index.ts'
import { installScripts } from './install-step.ts'
import { isRecord } from './json-record.ts'
import type { UnpackedPackage } from './package-source.ts'

export interface ScriptReading {
  /** the commands as package.json has them, `; ` between them */
  commands: string
  /** what they do that a binary depends on; undefined when nothing was found */
  finding: { status: 'download' | 'compile'; evidence: string } | undefined
  /** the package works without its binary: its script ends well when it cannot have it */
  mayFail: boolean
}

const downloaders = /\b(?:prebuild-install|install-from-cache)\b/
const compilers =
  /\b(?:node-gyp(?!-build)|node-gyp-build|cmake-js|cmake-ts|cargo|napi build|node-waf)\b|--fallback-to-build\b/
const toleratesFailure = /\|\|\s*(?:exit 0|echo\b|true\b|:|node suppress-error)/

/** Reads the scripts of a package; `implicit`: npm would run node-gyp on its own account. */
export async function readScripts(
  manifest: Readonly<Record<string, unknown>>,
  content: UnpackedPackage,
  implicit: boolean,
  signal: AbortSignal,
): Promise<ScriptReading> {
  const lines = Object.values(installScripts(manifest)).flatMap((command) => expand(command, manifest))
  const programs = await programTexts(lines, content, signal)
  return {
    commands: lines.join('; '),
    finding: findingOf(lines, programs, manifest, implicit),
    mayFail:
      lines.some((line) => toleratesFailure.test(line)) ||
      programs.some(endsWellAnyway) ||
      (await hasFallback(manifest, content, signal)),
  }
}

function findingOf(
  lines: readonly string[],
  programs: readonly string[],
  manifest: Readonly<Record<string, unknown>>,
  implicit: boolean,
): ScriptReading['finding'] {
  const commands = lines.join('; ')
  const fetches = lines.some(
    (line) => downloaders.test(line) || (/\bnode-pre-gyp\b/.test(line) && hasHost(manifest)),
  )
  if (fetches) return { status: 'download', evidence: commands }
  if (implicit) return { status: 'compile', evidence: 'binding.gyp: npm runs node-gyp rebuild' }
  if (lines.some((line) => compilers.test(line))) return { status: 'compile', evidence: commands }
  if (programs.some((text) => compilers.test(text))) return { status: 'compile', evidence: commands }
  const binds = programs.some(
    (text) => downloaders.test(text) || (fetchesByPlatform(text) && /\.node\b/.test(text)),
  )
  return binds ? { status: 'download', evidence: commands } : undefined
}

function hasHost({ binary }: Readonly<Record<string, unknown>>): boolean {
  return isRecord(binary) && typeof binary.host === 'string'
}

function fetchesByPlatform(text: string): boolean {
  return /https?:\/\//.test(text) && /process\.arch|os\.arch\(\)|\barch\(\)/.test(text)
}

/** As ssh2: "Failed to build optional crypto binding", then exit code 0. */
function endsWellAnyway(text: string): boolean {
  return /\boptional\b/i.test(text) && /process\.exit\(0\)|exitCode\s*=\s*0/.test(text)
}

/** As bufferutil: a main file that takes JavaScript of its own when the binary cannot be loaded. */
async function hasFallback(
  { main }: Readonly<Record<string, unknown>>,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<boolean> {
  const program = await readProgram(typeof main === 'string' ? main : 'index.js', content, signal)
  return program !== undefined && /\bcatch\b[^]*require\(['"]\.\/fallback/.test(program.text)
}

/** A command with what its `npm run x` parts stand for. */
function expand(command: string, { scripts }: Readonly<Record<string, unknown>>, depth = 0): string[] {
  const named = [...command.matchAll(/\b(?:npm|yarn|pnpm)\s+(?:run(?:-script)?\s+)?([\w:-]+)/g)].map(
    (match) => match[1],
  )
  const inner = named.flatMap((name) => {
    const line = isRecord(scripts) && name !== undefined ? scripts[name] : undefined
    return typeof line === 'string' && depth < 3 ? expand(line, { scripts }, depth + 1) : []
  })
  return [command, ...inner]
}

/** Files that scripts run, and what these require of their own package, two steps deep. */
async function programTexts(
  lines: readonly string[],
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<string[]> {
  const texts = new Map<string, string>()
  let paths = lines.flatMap((line) =>
    [...line.matchAll(/\bnode\s+(?:-\S+\s+)*(\.?[\w./@-]+)/g)].map((match) => match[1] ?? ''),
  )
  for (let depth = 0; depth < 3; depth++) {
    const next: string[] = []
    for (const path of paths) {
      const found = await readProgram(path, content, signal)
      if (!found || texts.has(found.path)) continue
      texts.set(found.path, found.text)
      next.push(...requiredFiles(found))
    }
    paths = next
  }
  return [...texts.values()]
}

/** A program beyond this size is a bundle of libraries: what it mentions says little. */
const maxProgramBytes = 256 << 10

async function readProgram(
  path: string,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<{ path: string; text: string } | undefined> {
  const plain = posix.normalize(path)
  const names = [plain, `${plain}.js`, `${plain}.cjs`, `${plain}.mjs`, `${plain}/index.js`]
  const file = names.map((name) => content.file(name)).find((each) => each?.type === 'file')
  if (!file || file.size > maxProgramBytes) return undefined
  const bytes = await collect(file.content({ signal }), file.size, file.path)
  return { path: file.path, text: new TextDecoder().decode(bytes) }
}

function requiredFiles({ path, text }: { path: string; text: string }): string[] {
  return [...text.matchAll(/(?:require\(|from |import\(?\s*)\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) =>
    posix.join(posix.dirname(path), match[1] ?? ''),
  )
}
