/** `everyarch addons` for people: packages by platforms, how each comes by its binary, why it is here, what the signs mean. */
import {
  type AddonsReport,
  type AddonStatus,
  type BuildNeeds,
  type ReportedAddon,
  unavailablePackages,
} from '../addons/index.ts'
import { findingsText } from './findings.ts'
import { count } from './quantity.ts'
import { type Styles, styles } from './style.ts'

export interface AddonsTextOptions {
  colour: boolean
  /** of the terminal */
  columns: number
  /** every package with the way that leads to it; false: only those that lack something */
  why: boolean
}

export function addonsText(report: AddonsReport, options: AddonsTextOptions): string {
  const style = styles(options.colour)
  const native = report.packages.filter(isNative)
  const development = report.development.filter(isNative)
  const scripts = [...report.packages, ...report.development].filter((addon) => !isNative(addon))
  const blocks = [
    [head(report, style)],
    native.length > 0 ? table(report, native, options, style) : ['no package of the service has native code'],
    development.length > 0
      ? [style.bold('only for development, in no image'), ...table(report, development, options, style)]
      : [],
    scripts.length > 0 ? [style.dim(`install scripts, nothing native: ${names(scripts)}`)] : [],
    unreadLines(report, style),
    legend([...native, ...development], style),
    report.findings.length > 0 ? [findingsText(report.findings, options).trimEnd()] : [],
    native.length > 0 ? [summary(native)] : [],
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function isNative({ mechanism }: ReportedAddon): boolean {
  return mechanism !== 'script-only'
}

function head({ project, lockfile, node, libc }: AddonsReport, style: Styles): string {
  const library = libc.version === undefined ? libc.name : `${libc.name} ${libc.version}`
  const facts = `Node ${node.version} (${node.reason}) · ${library} (${libc.reason}) · ${lockfile}`
  return `${style.bold(project)}  ${style.dim(facts)}`
}

/** Words of the cells. */
const words: Readonly<Record<AddonStatus['status'], string>> = {
  prebuilt: '✓',
  download: 'download',
  compile: 'compiles',
  wasm: 'wasm',
  impossible: '✗ none',
  'not-native': '·',
}
const notThere = '–'
const columnGap = 2
/** of `✓ download` */
const widestCell = 10
const leastHow = 32

function table(
  { platforms, libc }: AddonsReport,
  addons: readonly ReportedAddon[],
  { columns, why }: AddonsTextOptions,
  style: Styles,
): string[] {
  const nameWidth = Math.max(...addons.map((addon) => label(addon).length)) + columnGap
  const widths = platforms.map((platform) => Math.max(platform.length, widestCell) + columnGap)
  const before = nameWidth + widths.reduce((sum, width) => sum + width, 0)
  const room = Math.max(leastHow, columns - before)
  const header = [
    ' '.repeat(nameWidth),
    ...platforms.map((platform, at) => platform.padEnd(widths[at] ?? 0)),
    'how',
  ]
  return [
    style.bold(header.join('')),
    ...addons.flatMap((addon) => {
      const cells = platforms.map((platform, at) => cell(addon, platform, widths[at] ?? 0, style))
      const [first = '', ...rest] = wrapped(howText(addon, libc.name), room)
      return [
        `${label(addon).padEnd(nameWidth)}${cells.join('')}${first}`,
        ...rest.map((line) => `${' '.repeat(before)}${line}`),
        ...details(addon, why).map((line) => style.dim(`    ${line}`)),
      ]
    }),
  ]
}

function label({ name, version }: ReportedAddon): string {
  return version === undefined ? name : `${name} ${version}`
}

function cell(addon: ReportedAddon, platform: string, width: number, style: Styles): string {
  const { status, published } = addon.platforms[platform] ?? {}
  const word = status === undefined ? notThere : words[status]
  const text = (published ? `✓ ${word}` : word).padEnd(width)
  if (status === 'prebuilt' || published) return style.green(text)
  if (status === undefined || status === 'not-native' || addon.optional) return style.dim(text)
  return status === 'impossible' ? style.red(text) : style.yellow(text)
}

/** How a package comes by its binary, and what compiling takes where it has to be compiled. */
function howText(addon: ReportedAddon, libc: AddonsReport['libc']['name']): string {
  const statuses = Object.values(addon.platforms).map(({ status }) => status)
  const compiles = statuses.some((status) => status === 'compile' || status === 'download')
  const parts = [
    waysOf(addon),
    ...(compiles && addon.needs
      ? [`${statuses.includes('compile') ? '' : 'source '}needs ${needsText(addon.needs, libc)}`]
      : []),
    ...(lacksSources(addon) && statuses.includes('impossible') ? ['no sources'] : []),
    ...(addon.optional ? ['optional'] : []),
  ]
  return parts.join('; ')
}

function lacksSources({ mechanism, builder }: ReportedAddon): boolean {
  return builder === undefined && mechanism !== 'tool'
}

function waysOf({ mechanism, downloader, builder, platforms }: ReportedAddon): string {
  const built = Object.values(platforms).some(({ status }) => status === 'compile') ? ` or ${builder}` : ''
  switch (mechanism) {
    case 'optional-packages':
      return `optional packages${built}`
    case 'bundled':
      return `in its tarball${built}`
    case 'download':
      return downloader === 'custom' ? 'its own install script' : (downloader ?? 'install script')
    case 'source':
      return builder ?? 'source'
    case 'tool':
      return Object.values(platforms).some(({ how }) => how === 'optional-package')
        ? 'executables in optional packages'
        : 'executables'
    default:
      return 'script'
  }
}

/** A C++ compiler first, then programs, then the packages of the distribution that bring headers. */
function needsText(
  { cxxStandard, python, tools, systemLibraries }: BuildNeeds,
  libc: 'glibc' | 'musl',
): string {
  const compiler = cxxStandard === undefined ? 'g++' : `g++ (C++${cxxStandard})`
  const libraries = systemLibraries.map(({ debianDev, alpineDev }) =>
    libc === 'musl' ? alpineDev : debianDev,
  )
  return [compiler, 'make', ...(python ? ['python3'] : []), ...tools, ...new Set(libraries)].join(' ')
}

/** Why a platform has no ready binary, what else must be known, and why the package is here. */
function details(addon: ReportedAddon, always: boolean): string[] {
  const reasons = new Map<string, string[]>()
  for (const [platform, { reason }] of Object.entries(addon.platforms)) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), platform])
  }
  const isReady = Object.values(addon.platforms).every(
    ({ status }) => status === 'prebuilt' || status === 'not-native',
  )
  const path = addon.path.length > 2 || always ? [`why: ${addon.path.join(' → ')}`] : []
  return [
    ...[...reasons].map(([reason, platforms]) => `${platforms.join(', ')}: ${reason}`),
    ...(isReady ? [] : addon.notes),
    ...(addon.optionalBecause === undefined || isReady ? [] : [`optional: ${addon.optionalBecause}`]),
    ...(isReady && !always ? [] : path),
  ]
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function names(addons: readonly ReportedAddon[]): string {
  return addons.map(label).join(', ')
}

function unreadLines({ unread }: AddonsReport, style: Styles): string[] {
  const others = unread.filter(({ suspected }) => !suspected)
  return [
    ...unread
      .filter(({ suspected }) => suspected)
      .map(({ package: name, reason }) => style.yellow(`${name} was not looked at: ${reason}`)),
    ...(others.length > 0
      ? [
          style.dim(
            `${count(others.length, 'package')} could not be opened; the lockfile tells of nothing native in them`,
          ),
        ]
      : []),
  ]
}

/** What the words in the table mean, of those that stand there. */
const meanings: readonly (readonly [AddonStatus['status'], string])[] = [
  ['prebuilt', 'ready in what npm installs'],
  ['download', 'fetched by an install script, which runs for the machine that it runs on'],
  ['compile', 'has to be compiled'],
  ['wasm', 'only as WebAssembly, which npm installs when asked for'],
  ['impossible', 'neither a binary nor sources'],
]

function legend(addons: readonly ReportedAddon[], style: Styles): string[] {
  const shown = new Set(
    addons.flatMap(({ platforms }) => Object.values(platforms).map(({ status }) => status)),
  )
  const lines = meanings
    .filter(([status]) => shown.has(status))
    .map(([status, text]) => `${words[status]} ${text}`)
  return lines.length > 0 ? [style.dim(lines.join(' · '))] : []
}

function summary(addons: readonly ReportedAddon[]): string {
  const having = (...wanted: AddonStatus['status'][]) =>
    addons.filter(({ platforms }) => Object.values(platforms).some(({ status }) => wanted.includes(status)))
  const unavailable = unavailablePackages({ packages: [...addons] })
  const open = new Set([...having('download', 'compile'), ...having('impossible', 'wasm')])
  const parts = [
    `${addons.length - open.size} ready on every platform`,
    ...listed(having('download'), 'downloaded'),
    ...listed(having('compile'), 'compiled'),
    ...(unavailable.length > 0 ? [`not to be had everywhere: ${unavailable.join(', ')}`] : []),
  ]
  return `${count(addons.length, 'package')} with native code: ${parts.join(' · ')}`
}

function listed(addons: readonly ReportedAddon[], how: string): string[] {
  return addons.length > 0 ? [`${addons.length} ${how} somewhere`] : []
}
