/**
 * Compilers of stages that hand on nothing but what they compiled (level `packages`): fetched and unpacked for the image's
 * platform by the builder's own. Installing them is what takes long under emulation; the compiler that runs there afterwards is
 * the same program, so what it makes is the same as well.
 */
import type { BuildView } from './build-view.ts'
import { copiedOutside } from './cross-stages.ts'
import {
  aptOptions,
  debianArchitecture,
  type PackageStep,
  packageStage,
  packageStepOf,
} from './native-packages.ts'
import type { Rewrite } from './rewrite.ts'

/** What compiles addons, and works without its packages' maintainer scripts: those compile Python's files and choose `cc`. */
const toolchain =
  /^(?:build-essential|gcc|g\+\+|cpp|make|binutils|python3|python3-minimal|pkg-config|pkgconf|linux-libc-dev|lib[\w.+-]+-dev)$/u

/** Flags of apt-get that change nothing of what is unpacked, or are passed on. */
const knownFlags =
  /^(?:-y|--yes|--assume-yes|-q+y?|-yq+|--quiet|--no-install-recommends|--no-install-suggests)$/u

/** The steps that can be replaced; `native` are stages that will not run on the image's platform only. */
export function fetchableToolchains({ view }: Rewrite, native: ReadonlySet<number>): PackageStep[] {
  if (view.facts.level !== 'packages') return []
  return [...view.needed]
    .filter((index) => !native.has(index))
    .flatMap((index) => toolchainStep(view, index) ?? [])
}

export function toolchainStep(view: BuildView, index: number): PackageStep | undefined {
  if (!leavesNothing(view, index)) return undefined
  const step = packageStepOf(view, index, (name) => toolchain.test(name))
  return step?.flags.every((flag) => knownFlags.test(flag)) ? step : undefined
}

/** Nothing of the system in this stage gets into an image, through the stages that continue it neither. */
function leavesNothing(view: BuildView, index: number): boolean {
  return (
    !view.inImage.has(index) &&
    !copiedOutside(view, index) &&
    view.children(index).every((child) => leavesNothing(view, child))
  )
}

/** Writes the native stages, and a COPY in the place of each step. */
export function fetchToolchains(rewrite: Rewrite, found: readonly PackageStep[]): void {
  const { view, text } = rewrite
  for (const step of found) {
    const { stage } = view.stage(step.index)
    const { name, root, names, lines } = packageStage(rewrite, step)
    const next = ` && ${view.dockerfile.escape}${text.lineEnd}    `
    text.insertBefore(stage, [
      ...lines,
      `COPY --from=${root} /var/lib/dpkg/status /installed`,
      `RUN ${unpacking(step, view.platforms).join(next)}`,
    ])
    text.edit({ ...step.run.range, text: `COPY --from=${name} /target/usr/ /usr/` })
    rewrite.changed(step.run, {
      rule: 'native-packages',
      what: `${names} is fetched and unpacked by the builder’s own platform (stage ${name})`,
      why: 'the same programs compile the same files, and nothing else of this stage gets into the image',
    })
  }
}

function unpacking({ packages, flags }: PackageStep, platforms: readonly string[]): string[] {
  const options = `${aptOptions} -o APT::Sandbox::User=root`
  const folders = '-o Dir::State::status=/installed -o Dir::Cache::archives=/packages'
  const recommended = flags.filter((flag) => flag.startsWith('--no-install-'))
  const install = ['install', '--yes', '--download-only', ...recommended, ...packages].join(' ')
  return [
    debianArchitecture(platforms),
    `apt-get ${options} update`,
    'mkdir -p /packages/partial /target/usr/bin /target/usr/sbin /target/usr/lib',
    'ln -s usr/bin usr/sbin usr/lib /target/',
    `apt-get ${options} ${folders} ${install}`,
    'for deb in /packages/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C /target --keep-directory-symlink || exit 1; done',
    // What update-alternatives chooses.
    'for pair in cc:gcc c++:g++; do if [ -e "/target/usr/bin/${pair#*:}" ]; then ln -s "${pair#*:}" "/target/usr/bin/${pair%:*}"; fi; done',
  ]
}
