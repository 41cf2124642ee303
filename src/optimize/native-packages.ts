/**
 * Simple distribution packages, fetched and unpacked for the image's platform by the builder's own (level `packages`). dpkg does
 * the unpacking into a copy of the image's own package database, so that the image says what it holds as before.
 */
import { runCommands, type RunInstruction, type ShellCommand } from '../dockerfile/index.ts'
import { architectureOf, rootImageOf, systemPackagesOf } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'
import { nativeFlag } from './move-stages.ts'
import { nativeClosure } from './native-stages.ts'
import type { Rewrite } from './rewrite.ts'

/** Packages of a program or two that need nothing but the C library, with no maintainer scripts. The build checks it again. */
export const simplePackages: ReadonlySet<string> = new Set(['tini', 'dumb-init', 'gosu'])

export interface PackageStep {
  readonly index: number
  readonly run: RunInstruction
  /** as they are asked for, a version included */
  readonly packages: readonly string[]
  /** of the command that installs them */
  readonly flags: readonly string[]
}

/** The steps that can be replaced. */
export function fetchablePackages({ view }: Rewrite): PackageStep[] {
  if (view.facts.level !== 'packages') return []
  return [...view.needed].flatMap(
    (index) => packageStepOf(view, index, (name) => simplePackages.has(name)) ?? [],
  )
}

/** The first step of a stage on Debian that installs such packages and does nothing else, where nothing before it matters to apt. */
export function packageStepOf(
  view: BuildView,
  index: number,
  accepts: (name: string) => boolean,
): PackageStep | undefined {
  const stage = view.stage(index)
  const { base } = stage
  const image = rootImageOf(view.graphOf(index), stage)
  const isDebian =
    image !== undefined && (image.officialNode || image.repository === 'debian') && image.libc === 'glibc'
  if (!isDebian || !view.isTarget(index) || stage.stage.from.platform) return undefined
  if (base.kind === 'stage' && 'why' in nativeClosure(view, base.index)) return undefined
  for (const { instruction, onbuild } of stage.steps) {
    if (onbuild) return undefined
    // Whoever it runs as: only root can install, and what was changed before is not in the base's database.
    if (instruction.keyword === 'USER') return undefined
    if (instruction.keyword !== 'RUN') continue
    const found = packagesOf(instruction, accepts)
    if (found) return { index, run: instruction, ...found }
    if (runCommands(instruction).some((command) => isPackageProgram(command))) return undefined
  }
  return undefined
}

/** What a step installs, when it does nothing else. */
function packagesOf(
  run: RunInstruction,
  accepts: (name: string) => boolean,
): Pick<PackageStep, 'packages' | 'flags'> | undefined {
  if (run.exec || run.heredocs.length > 0 || run.flags.length > 0) return undefined
  const commands = runCommands(run)
  if (commands.some(({ operator }) => !['&&', ';', ''].includes(operator)) || /[|`(<]/u.test(run.body.text))
    return undefined
  const installs = commands.filter((command) => systemPackagesOf(command).length > 0)
  const [install] = installs
  if (
    !install ||
    installs.length > 1 ||
    !commands.every((command) => command === install || isAround(command))
  )
    return undefined
  if (!systemPackagesOf(install).every(accepts)) return undefined
  const words = install.words.map(({ text }) => text)
  return {
    packages: words
      .slice(words.indexOf('install') + 1)
      .filter((text) => /^[a-z][\w.+:~-]*(?:=[\w.+:~-]+)?$/u.test(text)),
    flags: words.filter((text) => text.startsWith('-')),
  }
}

/** apt-get update before it, cleaning up behind it. */
function isAround({ words }: ShellCommand): boolean {
  const text = words.map((word) => word.text).join(' ')
  return (
    /^(?:apt|apt-get)(?: -\S+)* (?:update|clean|autoclean|autoremove)(?: -\S+)*$/u.test(text) ||
    /^rm -\w+(?: \/var\/(?:lib\/apt\/lists|cache\/apt|log|tmp)[\w./*-]*| \/tmp\/\*)+$/u.test(text) ||
    /^set -\w+$/u.test(text)
  )
}

function isPackageProgram({ words }: ShellCommand): boolean {
  return ['apt', 'apt-get', 'dpkg', 'aptitude'].includes(words[0]?.text ?? '')
}

/** Writes the native stages, and a COPY in the place of each step. */
export function fetchPackages(rewrite: Rewrite, found: readonly PackageStep[]): void {
  const { view, text } = rewrite
  for (const { index, run, packages } of found) {
    const { stage } = view.stage(index)
    const { name, root, names, lines } = packageStage(rewrite, { index, packages })
    text.insertBefore(stage, [
      ...lines,
      `COPY --from=${root} /var/lib/dpkg /unpacked/var/lib/dpkg`,
      `COPY --from=${root} /var/lib/apt /unpacked/var/lib/apt`,
      fetching(packages, view.platforms, ` && ${view.dockerfile.escape}${text.lineEnd}    `),
    ])
    text.edit({ ...run.range, text: `COPY --from=${name} /target/ /` })
    rewrite.changed(run, {
      rule: 'native-packages',
      what: `${names} is fetched and unpacked by the builder’s own platform (stage ${name})`,
      why: 'the package has no maintainer scripts, which the build checks; the image’s package database lists it as before',
    })
  }
}

/** The beginning of a native stage that fetches packages for a stage; `root` is what that stage begins with. */
export function packageStage(
  { view, text, nativeNames }: Rewrite,
  { index, packages }: Pick<PackageStep, 'index' | 'packages'>,
): { name: string; root: string; names: string; lines: string[] } {
  const { stage, base } = view.stage(index)
  const image = stage.from.image.text
  const own = stage.name ?? 'image'
  const root = base.kind === 'stage' ? image : text.newName(`${own}-root`)
  const parent = base.kind === 'stage' ? (nativeNames.get(base.index) ?? image) : `${nativeFlag}${image}`
  const name = text.newName(`${own}-packages`)
  const names = packages.map((each) => each.split('=')[0]).join(', ')
  const lines = [
    ...(base.kind === 'stage' ? [] : [`FROM ${image} AS ${root}`, '']),
    `# ${names} for the image's platform, unpacked by the builder's own.`,
    `FROM ${parent} AS ${name}`,
    'ARG TARGETARCH',
  ]
  return { name, root, names, lines }
}

/** Debian's names of architectures, where they differ from Docker's. */
const debianNames: Record<string, string> = { arm: 'armhf', ppc64le: 'ppc64el', '386': 'i386' }

/** Of apt-get, for the architecture that `debianArchitecture` found. */
export const aptOptions = '-o APT::Architecture="$arch" -o APT::Architectures="$arch"'

/** The command of a step that sets `arch`. */
export function debianArchitecture(platforms: readonly string[]): string {
  const different = [...new Set(platforms.map(architectureOf))].filter((name) => name in debianNames)
  const arms = different.map((name) => `${name}) arch=${debianNames[name]} ;; `).join('')
  return arms === '' ? 'arch="$TARGETARCH"' : `case "$TARGETARCH" in ${arms}*) arch="$TARGETARCH" ;; esac`
}

function fetching(packages: readonly string[], platforms: readonly string[], next: string): string {
  const options = aptOptions
  const scripts = `dpkg-deb --ctrl-tarfile "$deb" | tar -t | grep -E '(pre|post)(inst|rm)$'`
  const records = packages.map((each) => `var/lib/dpkg/info/${each.split('=')[0]}.*`).join(' ')
  const steps = [
    debianArchitecture(platforms),
    `apt-get ${options} update`,
    'mkdir /packages /target',
    'cd /packages',
    `apt-get ${options} -o APT::Sandbox::User=root download ${packages.join(' ')}`,
    `for deb in *.deb; do if ${scripts}; then echo "$deb has maintainer scripts" >&2; exit 1; fi; done`,
    'dpkg --root=/unpacked --force-architecture --force-depends --no-triggers --install *.deb',
    'cd /unpacked',
    // apt writes it with the first package that it installs.
    'touch -a var/lib/apt/extended_states',
    `cp -a --parents usr var/lib/apt/extended_states var/lib/dpkg/status ${records} /target/`,
  ]
  return `RUN ${steps.join(next)}`
}
