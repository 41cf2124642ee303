/**
 * Which of the `.node` files a platform picks. Packages ship builds for many platforms side by side, in places that name the
 * platform (`prebuilds/linux-x64/…`, `@img/sharp-linuxmusl-arm64`): of those, only its own count. A file in a place that
 * names none (`build/Release`) is what `require` finds, whatever it was compiled for: it counts always.
 */
import { elfPlatform, type Libc } from '../../elf/index.ts'
import { canServe, type Platform } from '../../oci/index.ts'
import type { FoundAddon } from './find-addons.ts'

export interface Candidate {
  path: string
  /** the C library that it needs, when its place is one of several that packages choose from by C library */
  libc?: Libc
  /** the NODE_MODULE_VERSIONs that it is for, when its package has builds for several */
  abis?: number[]
}

export interface AddonChoice {
  /** to be loaded, as far as C library and Node ABI, which only the running Node knows, agree */
  candidates: Candidate[]
  /** why others are left out, by path */
  skipped: Map<string, string>
}

const oneOfSeveral =
  /(?:^|[/@._+-])(?:prebuilds?|linux|linuxmusl|musl|glibc|gnu|gnueabihf|musleabihf|darwin|win32|freebsd|android)(?:[/._+-]|$)/i
const notForUse = /\/(?:obj\.target|test|tests|__tests__)\//
const otherRuntime = /(?:^|[/._-])electron[/._-]/i

export function pickAddons(found: readonly FoundAddon[], platform: Platform): AddonChoice {
  const choice: AddonChoice = { candidates: [], skipped: new Map() }
  for (const addon of found) {
    const reason = reasonToSkip(addon, platform)
    if (reason === undefined) choice.candidates.push(candidateOf(addon))
    else choice.skipped.set(addon.path, reason)
  }
  return choice
}

function reasonToSkip({ path, elf }: FoundAddon, platform: Platform): string | undefined {
  if (notForUse.test(`/${path}`)) return 'is no part of what the package uses'
  if (elf && elf.damage.length === 0 && !elf.addon && elf.type === 'shared') return 'is a library, no addon'
  if (!isOneOfSeveral(path)) return undefined
  if (otherRuntime.test(path)) return 'is for Electron'
  if (!elf) return 'is for another system'
  const own = elfPlatform(elf)
  return own && canServe(own, platform) ? undefined : `is for ${own?.architecture ?? elf.machineName}`
}

function candidateOf({ path, elf }: FoundAddon): Candidate {
  if (!isOneOfSeveral(path)) return { path }
  const abis = elf?.addon?.abis ?? []
  return { path, ...(elf?.libc ? { libc: elf.libc } : {}), ...(abis.length > 0 ? { abis } : {}) }
}

function isOneOfSeveral(path: string): boolean {
  const packagePath = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  return oneOfSeveral.test(path.includes('node_modules/') ? packagePath : path)
}
