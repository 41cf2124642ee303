/**
 * What install scripts would do, from their text: the commands of package.json, what `npm run` in them stands for, and the
 * files that `node` runs, with the files of the package that those require.
 */
import { posix } from 'node:path'
import { collect } from '../../base/index.ts'
import { installScripts, isRecord, type UnpackedPackage } from '../../npm/index.ts'
import type { Builder, Downloader } from './addon-package.ts'

type Manifest = Readonly<Record<string, unknown>>

export interface ScriptReading {
  /** as package.json has them, each followed by what `npm run` in it stands for */
  commands: string[]
  /** a script fetches a binary for the platform that it runs on */
  downloader?: Downloader
  /** a script downloads something else than an addon for the platform that it runs on */
  payload?: true
  /** a script compiles */
  builder?: Builder
  /** the package works without its binary, and why one may think so */
  mayFail?: string
}

const builders: readonly (readonly [Builder, RegExp])[] = [
  ['cmake-js', /\b(?:cmake-js|cmake-ts)\b/],
  ['cargo', /\b(?:cargo|napi build|cargo-cp-artifact)\b/],
  [
    'node-gyp',
    /\b(?:node-gyp(?!-build)|node-gyp-build|node-gyp-build-optional-packages|node-waf)\b|--fallback-to-build\b/,
  ],
]
const toleratesFailure = /\|\|\s*(?:exit 0|echo\b|true\b|:|node suppress-error)/

/** Reads the scripts of a package. */
export async function readScripts(
  manifest: Manifest,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<ScriptReading> {
  const commands = Object.values(installScripts(manifest)).flatMap((command) => expand(command, manifest))
  const programs = await programTexts(commands, content, signal)
  const downloader = downloaderOf(commands, programs, manifest)
  const builder = builderOf([...commands, ...programs])
  const mayFail = await whyItMayFail(commands, programs, manifest, content, signal)
  return {
    commands,
    ...(downloader ? { downloader } : {}),
    ...(!downloader && fetchedByPlatform(programs).length > 0 ? { payload: true } : {}),
    ...(builder ? { builder } : {}),
    ...(mayFail ? { mayFail } : {}),
  }
}

function downloaderOf(
  commands: readonly string[],
  programs: readonly string[],
  manifest: Manifest,
): Downloader | undefined {
  const says = (pattern: RegExp) => commands.some((line) => pattern.test(line))
  if (says(/\bprebuild-install\b/)) return 'prebuild-install'
  if (says(/\binstall-from-cache\b/)) return 'install-artifact-from-github'
  if (says(/\bnode-pre-gyp\b/) && hasHost(manifest)) return 'node-pre-gyp'
  const runs = (pattern: RegExp) => programs.some((text) => pattern.test(text))
  if (runs(/\bprebuild-install\b/)) return 'prebuild-install'
  return fetchedByPlatform(programs).some((text) => /\.node\b/.test(text)) ? 'custom' : undefined
}

function hasHost({ binary }: Manifest): boolean {
  return isRecord(binary) && typeof binary.host === 'string'
}

/** Programs that make an address from the processor's name, where one of them opens a connection. */
function fetchedByPlatform(programs: readonly string[]): readonly string[] {
  if (!programs.some((text) => connects.test(text))) return []
  return programs.filter(
    (text) => /https?:\/\//.test(text) && /process\.arch|os\.arch\(\)|\barch\(\)/.test(text),
  )
}

const connects =
  /\bfetch\(|https?\.(?:get|request)\(|['"](?:node:)?(?:https?|undici|axios|got|request|needle|node-fetch|follow-redirects|simple-get|superagent|@derhuerst\/http-basic|@electron\/get)['"]|\b(?:curl|wget)\b/

function builderOf(texts: readonly string[]): Builder | undefined {
  return builders.find(([, pattern]) => texts.some((text) => pattern.test(text)))?.[0]
}

async function whyItMayFail(
  commands: readonly string[],
  programs: readonly string[],
  manifest: Manifest,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (commands.some((line) => toleratesFailure.test(line))) return 'its install script goes on when it fails'
  if (programs.some(endsWellAnyway)) return 'its install script ends well without it'
  return (await hasFallback(manifest, content, signal)) ? 'it falls back to JavaScript' : undefined
}

/** As ssh2: "Failed to build optional crypto binding", then exit code 0. */
function endsWellAnyway(text: string): boolean {
  return /\boptional\b/i.test(text) && /process\.exit\(0\)|exitCode\s*=\s*0/.test(text)
}

/** As bufferutil: a main file that takes JavaScript of its own when the binary cannot be loaded. */
async function hasFallback(
  { main }: Manifest,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<boolean> {
  const program = await readProgram(typeof main === 'string' ? main : 'index.js', content, signal)
  return program !== undefined && /\bcatch\b[^]*require\(['"]\.\/fallback/.test(program.text)
}

/** A command with what its `npm run x` parts stand for. */
function expand(command: string, { scripts }: Manifest, depth = 0): string[] {
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
  commands: readonly string[],
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<string[]> {
  const texts = new Map<string, string>()
  let paths = commands.flatMap((line) =>
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
