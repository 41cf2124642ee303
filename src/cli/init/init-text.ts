/** What `init` says: what was found and why each choice was made, what became of each file, and what is next. */
import { patchText, styles } from '../../report/index.ts'
import { loginSettings, type ProjectFacts } from '../../scaffold/index.ts'
import type { Output } from '../context.ts'
import type { ChosenPipeline } from './choose-pipeline.ts'
import type { FoundFacts } from './find-facts.ts'
import type { FileState, PlannedFile } from './write-files.ts'

export function explanation(
  { facts, manager, node, health, warnings }: FoundFacts,
  { choices, shapeReason, facts: { platforms } }: ChosenPipeline,
  { colour }: Pick<Output, 'colour'>,
): string {
  const style = styles(colour)
  const lines: [string, string][] = [
    ['service', `${facts.name}${appText(facts)}`],
    ['node', `${node.version}  (${node.reason})`],
    ['base', `${facts.base}  (${platforms.join(', ')})`],
    ['install', `${manager.name === 'yarn-classic' ? 'yarn 1' : manager.name}  (${manager.from})`],
    ['build', buildText(facts)],
    ['addons', addonsText(facts)],
    ['start', facts.start.join(' ') || 'as the Dockerfile says'],
    [
      'listens',
      health ? `${health.port}${health.path ?? ''}  (${health.from})` : 'on nothing that was found',
    ],
    ...(choices.ci === 'none'
      ? []
      : [['pipeline', `${choices.ci}, ${choices.shape}: ${shapeReason}`] as [string, string]]),
    ['image', choices.image],
  ]
  const unused = manager.unused.map(
    (file) => `${file} is of another package manager than ${manager.name}, and is not read`,
  )
  return [
    ...lines.map(([topic, text]) => `${style.dim(topic.padEnd(9))}${text}\n`),
    ...[...warnings, ...unused].map((text) => `${style.yellow('warning')}  ${text}\n`),
    '\n',
  ].join('')
}

function appText({ packages, workspaceName, framework }: ProjectFacts): string {
  const [app, ...others] = packages
  const needs = others.length > 0 ? ` with ${others.map(({ folder }) => folder).join(', ')}` : ''
  const next =
    framework === 'next-standalone'
      ? ', Next.js with a standalone server'
      : framework === 'next'
        ? ', Next.js'
        : ''
  return `${workspaceName === undefined ? '' : ` in ${app.folder}${needs}`}${next}`
}

function buildText({ build, packages }: ProjectFacts): string {
  if (build.length === 0) return 'nothing: the sources are what runs'
  const [{ contents }] = packages
  const output =
    contents.kind === 'folders'
      ? contents.built.join(', ')
      : contents.kind === 'next-standalone'
        ? '.next/standalone'
        : 'everything, because nothing says where it writes'
  return `${build.join(' && ')}  (once, natively; goes into the image: ${output})`
}

function addonsText({ addons, manager }: ProjectFacts): string {
  if (addons.length === 0) {
    return manager.name === 'npm'
      ? 'none that has to be compiled: every platform has its binaries'
      : 'none known by name that has to be compiled'
  }
  return addons
    .map(({ name, how }) => `${name} ${how === 'compile' ? 'is compiled' : 'is fetched, or compiled'}`)
    .join(', ')
    .concat(', by a cross compiler')
}

const words: Readonly<Record<FileState, string>> = {
  new: 'written',
  changed: 'replaced',
  same: 'unchanged',
  kept: 'kept as it is',
}

export function stateLine(path: string, state: FileState, { colour }: Pick<Output, 'colour'>): string {
  const style = styles(colour)
  const word = words[state].padEnd(14)
  return `${state === 'kept' ? style.yellow(word) : word}${path}\n`
}

/** A unified diff, from nothing when the file is new. */
export function fileDiff({ path, text, before }: PlannedFile, { colour }: Pick<Output, 'colour'>): string {
  const style = styles(colour)
  const lines = patchText(path, before, text).split('\n')
  return lines
    .map((line) => (line.startsWith('+') ? style.green(line) : line.startsWith('-') ? style.red(line) : line))
    .join('\n')
}

/** What exists now, and what to do next. */
export function closingLines(
  files: readonly { path: string; state: FileState }[],
  { facts }: FoundFacts,
  { choices, placeholders }: ChosenPipeline,
): string {
  const kept = files.filter(({ state }) => state === 'kept').map(({ path }) => path)
  const has = (path: string) => files.some((file) => file.path === path && file.state !== 'kept')
  const settings = choices.ci === 'github' ? loginSettings(choices.image) : []
  const next = [
    ...(placeholders.length > 0 ? [`replace ${placeholders.join(', ')} in the name of the image`] : []),
    ...(settings.length > 0 ? [`in the repository's settings for Actions: ${settings.join('; ')}`] : []),
    ...(kept.length > 0
      ? [
          `${kept.join(', ')} differ${kept.length === 1 ? 's' : ''} from what would be written: --dry-run shows how, --force replaces`,
        ]
      : []),
    'everyarch check      nothing of this is complained about',
    ...(has('Dockerfile') ? [`docker buildx build --platform ${facts.platforms.join(',')} .`] : []),
    'everyarch build      the same images, proved; --push publishes them',
  ]
  return `\nnext\n${next.map((line) => `  ${line}\n`).join('')}`
}
