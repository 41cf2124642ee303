/** Whether what leaves a stage is the same on every CPU. */
import {
  isScriptBuild,
  commandsOf,
  describeStage,
  lineageOf,
  absolute,
  workingFolder,
} from '../forecast/index.ts'
import type { BuildView, Use } from './build-view.ts'

/** Programs whose output is for one CPU, in build scripts and steps. */
const programMakers =
  /--compile\b|--experimental-sea|\b(?:pkg|nexe|node-gyp|node-pre-gyp|prebuildify|napi|cargo|rustc|cmake|make|gcc|g\+\+|clang|go build|electron-builder|bun build|deno compile|ncc|uname|dpkg --print-architecture)(?![\w.-])/u
const addonLoaders = /\.node\b/u

/** Files of the project that a stage may pass on as they came. */
const contextFile =
  /(?:^|\/)(?:package(?:-lock)?\.json|package\*\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lock|\.npmrc|\.yarnrc\.yml|[\w.-]+\.(?:config|conf)\.[cm]?[jt]s|[\w-]+\.(?:json|ya?ml|md|sql|html|prisma|pug|ejs|hbs|txt|toml)|LICENSE|README)$/u
const contextFolder =
  /(?:^|\/)(?:public|static|assets|views|templates|locales|i18n|migrations|drizzle|config|docs)\/?$/u
const scriptFolder =
  /(?:^|\/)(?:dist|out|build|lib|esm|cjs|\.svelte-kit|\.next\/static|storybook-static)(?:\/[\w.*-]+)*\/?$/u

/**
 * Undefined when every file that others take from the stage is pure; otherwise why it is not known to be. `apart` are uses that
 * will take their files from elsewhere.
 */
export function whyNotPure(view: BuildView, index: number, apart: readonly Use[] = []): string | undefined {
  const stage = view.stage(index)
  const name = describeStage(stage)
  const uses = view.uses.filter((use) => use.from === index && !apart.includes(use))
  if (uses.length === 0) return `nothing is copied from ${name}`
  const graph = view.graphOf(index)
  const commands = lineageOf(graph, stage)
    .flatMap(commandsOf)
    .map(({ command }) => command)
  if (!commands.some(isScriptBuild)) return `${name} runs no build of JavaScript that we know`
  const doubtful = uses.flatMap((use) => doubtfulPaths(view, use))
  if (doubtful.length > 0) return `${doubtful.join(', ')}, copied from ${name}, may hold binaries`
  const maker = makerOf(
    view,
    commands.map(({ words }) => words.map(({ text }) => text).join(' ')),
  )
  return maker && `${maker} may make binaries`
}

function doubtfulPaths(view: BuildView, { from, step: { instruction } }: Use): string[] {
  if (instruction.keyword !== 'COPY') return ['a mounted stage']
  const folder = workingFolder(view.graphOf(from), view.stage(from))
  return instruction.sources
    .map(({ text }) => text)
    .filter((text) => !isPurePath(absolute('/', text), folder))
}

function isPurePath(path: string, folder: string): boolean {
  if (/[$]/u.test(path) || /(?:^|\/)node_modules(?:\/|$)/u.test(path)) return false
  const inside = folder === '/' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length) : undefined
  if (inside === undefined) return false
  if (/(?:^|\/)(?:\.next\/standalone|\.output)(?:\/|$)/u.test(inside)) return false
  return scriptFolder.test(inside) || contextFolder.test(inside) || contextFile.test(inside)
}

/** The script or step that may make programs. */
function makerOf({ facts: { project } }: BuildView, commands: readonly string[]): string | undefined {
  if (!project.scripts) return 'a build script that could not be read'
  const scripts = Object.entries(project.scripts)
    .filter(([name]) => /build|compile|bundle/u.test(name))
    .map(([, script]) => script)
  const installs = /^(?:apt-get|apt|apk|dnf|yum)\b/u
  const texts = [...scripts, ...commands.filter((command) => !installs.test(command))]
  return texts.find((text) => programMakers.test(text) || addonLoaders.test(text))
}
