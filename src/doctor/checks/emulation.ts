/** This machine's own QEMU handlers: what its engine, builders and smoke tests execute other platforms with. */
import { realpath } from 'node:fs/promises'
import {
  type Binfmt,
  type BinfmtHandler,
  emulatorAdvice,
  handlerFor,
  obstacle,
  opensEarly,
  readBinfmt,
} from '../../binfmt/index.ts'
import { formatPlatform, type Platform } from '../../oci/index.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { runProgram } from '../run-program.ts'

/** Crashes of Node 22 and newer ("uncaught target signal 4") are reported of older versions. */
const soundVersion = { major: 9, minor: 2 }

const nativeArchitectures: Readonly<Record<string, readonly string[]>> = {
  x64: ['amd64', '386'],
  arm64: ['arm64'],
  arm: ['arm'],
  ppc64: ['ppc64le'],
  s390x: ['s390x'],
  riscv64: ['riscv64'],
}

/** One diagnosis for each platform that is not this machine's; nothing where the kernel is no Linux. */
export async function diagnoseEmulation(
  platforms: readonly Platform[],
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  if (process.platform !== 'linux') return []
  const native = nativeArchitectures[process.arch] ?? []
  const foreign = platforms.filter(({ architecture }) => !native.includes(architecture))
  const binfmt = await readBinfmt()
  const diagnoses: Diagnosis[] = []
  for (const platform of foreign) {
    const handler = handlerFor(binfmt, platform.architecture)
    const version = handler && (await versionOf(handler, signal))
    diagnoses.push(judge(binfmt, platform, handler, version))
  }
  return diagnoses
}

function judge(
  binfmt: Binfmt,
  platform: Platform,
  handler: BinfmtHandler | undefined,
  version: string | undefined,
): Diagnosis {
  const name = formatPlatform(platform)
  const { architecture } = platform
  const why = obstacle(binfmt, architecture)
  if (!handler || why !== undefined) {
    const halfThere = binfmt.enabled && handler?.enabled === true && !opensEarly(handler)
    return {
      check: 'binfmt',
      verdict: halfThere ? 'error' : 'warning',
      platform: name,
      text: `${name}: ${why}`,
      meaning: halfThere
        ? 'it works on this machine but not in containers, which do not hold the emulator: exec format error'
        : 'programs of this platform cannot be started here, neither by RUN steps nor by smoke tests',
      repair: emulatorAdvice(architecture),
      fix: { kind: 'emulator', architecture },
    }
  }
  const text = `${name}: ${handler.name}${version ? ` (QEMU ${version})` : ''} is registered and enabled`
  if (version === undefined || isSound(version))
    return { check: 'binfmt', verdict: 'ok', platform: name, text }
  // Not for setup: the distribution has nothing newer, and replacing what others may use is for a person to decide.
  return {
    check: 'binfmt',
    verdict: 'warning',
    platform: name,
    text,
    meaning: `crashes of Node 22 and newer are known of versions before ${soundVersion.major}.${soundVersion.minor}: "uncaught target signal 4 (Illegal instruction)"`,
    repair: `docker run --privileged --rm tonistiigi/binfmt:qemu-v9.2.2 --install ${architecture}`,
  }
}

function isSound(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > soundVersion.major || (major === soundVersion.major && minor >= soundVersion.minor)
}

/** Undefined where the emulator is not on this machine's disk: with the F flag it need not be. */
async function versionOf({ interpreter }: BinfmtHandler, signal: AbortSignal): Promise<string | undefined> {
  const path = await realpath(interpreter).catch(() => undefined)
  if (path === undefined) return undefined
  const { stdout } = await runProgram(path, ['--version'], { signal })
  return /version (\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1]
}
