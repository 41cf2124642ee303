/** The edits that make an install one for the image's platform, wherever it runs. */
import type { TextEdit } from '../base/index.ts'
import { mountField } from '../dockerfile/index.ts'
import { architectureOf, hasFlag, type Libc } from '../forecast/index.ts'
import type { InstallStep } from './install-step.ts'

export interface CrossOptions {
  /** more flags for the install */
  readonly flags?: string
  readonly libc: Libc
  readonly platforms: readonly string[]
  /** the step runs as root: npm's cache is /root/.npm */
  readonly asRoot: boolean
  /** of the file: how a step goes on on the next line */
  readonly escape: string
  readonly lineEnd: string
}

/** Edits of the step's text, by offsets of the file. */
export function crossEdits(step: InstallStep, options: CrossOptions): TextEdit[] {
  const { install, run } = step
  const isScript = run.heredocs.length > 0
  const next = isScript ? options.lineEnd : ` && ${options.escape}${options.lineEnd}    `
  const at = install.range.start
  const prefix = `${cpuCase(options.platforms)}${next}${configuration(step, options, next)}`
  const mount = cacheMountEdits(step, options)
  // Behind flags, what the step does begins on a line of its own.
  const isFirst = !isScript && run.body.offsetAt(0) === at && run.flags.length > 0 && mount.length === 0
  const lead = isFirst ? `${options.escape}${options.lineEnd}    ` : ''
  return [
    ...mount,
    insertion(at, `${lead}${prefix}`),
    insertion(
      install.words.at(-1)?.range.end ?? install.range.end,
      `${options.flags ?? ''}${flagsOf(step, options)}`,
    ),
  ]
}

/** npm's cache is by content: sharing it between platforms is right. A step that empties it must not do so for the others. */
export function cacheMountEdits(
  step: InstallStep,
  { asRoot, escape, lineEnd }: Omit<CrossOptions, 'libc' | 'platforms'>,
): TextEdit[] {
  const {
    run,
    manager,
    step: { scope },
    cleanups,
  } = step
  const hasCache = run.mounts.some(
    (mount) => mount.type === 'cache' || mountField(mount, 'target', 'dst')?.value.startsWith('/root'),
  )
  const isMoved = scope.has('npm_config_cache') || scope.has('NPM_CONFIG_CACHE') || scope.has('HOME')
  if (manager !== 'npm' || !asRoot || hasCache || isMoved || cleanups.length > 0) return []
  const at = run.keywordRange.end
  const mount = ' --mount=type=cache,target=/root/.npm'
  return [insertion(at, run.heredocs.length > 0 ? mount : `${mount} ${escape}${lineEnd}   `)]
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text }
}

/** npm's names of CPUs, where they differ from Docker's. */
const cpuNames: Record<string, string> = { amd64: 'x64', ppc64le: 'ppc64', '386': 'ia32' }

function cpuCase(platforms: readonly string[]): string {
  const different = [...new Set(['amd64', ...platforms.map(architectureOf)])].filter(
    (name) => name in cpuNames,
  )
  const arms = different.map((name) => `${name}) cpu=${cpuNames[name]} ;; `).join('')
  return `case "$TARGETARCH" in ${arms}*) cpu="$TARGETARCH" ;; esac`
}

/** What has to be said before the install; Yarn takes the platform from its settings. */
function configuration({ manager }: InstallStep, { libc }: CrossOptions, next: string): string {
  if (manager !== 'yarn') return ''
  const set = (name: string, value: string) =>
    `yarn config set --json supportedArchitectures.${name} "[\\"${value}\\"]"${next}`
  return `${set('os', 'linux')}${set('cpu', '$cpu')}${set('libc', libc)}`
}

function flagsOf({ manager, install, ignoresScripts }: InstallStep, { libc }: CrossOptions): string {
  // pnpm runs no scripts of packages that were not allowed to, and links commands otherwise when it is told to run none.
  const scripts = ignoresScripts || manager === 'pnpm' ? '' : ' --ignore-scripts'
  switch (manager) {
    case 'yarn':
      return ignoresScripts || !hasFlag(install, '--immutable') ? '' : ' --mode=skip-build'
    case 'bun':
      return `${scripts} --os=linux --cpu="$cpu"`
    default:
      return `${scripts} --os=linux --cpu="$cpu" --libc=${libc}`
  }
}
