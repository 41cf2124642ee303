/**
 * A crash under emulation is QEMU's or the program's, and from itself nobody can tell. Where the same probe crashes on a platform
 * that needs no emulator as well, it is the program's.
 */
import type { PlatformSmoke, ProbeResult } from './smoke-report.ts'

/** The results, with what native platforms show about crashes of emulated ones. */
export function withNativeEvidence(platforms: readonly PlatformSmoke[]): PlatformSmoke[] {
  const native = platforms.filter(({ emulated }) => emulated === false)
  return platforms.map((result) =>
    result.emulated
      ? { ...result, probes: result.probes.map((probe) => judged(probe, native)) }
      : { ...result },
  )
}

function judged(probe: ProbeResult, native: readonly PlatformSmoke[]): ProbeResult {
  if (probe.cause?.code !== 'qemu-crash') return probe
  const witness = native.find(({ probes }) =>
    probes.some((other) => other.probe === probe.probe && other.cause?.code === 'crashed'),
  )
  if (!witness) return probe
  const what = probe.cause.text.replace(/ under QEMU: .*/, '')
  return {
    ...probe,
    cause: {
      code: 'crashed',
      text: `it crashed: ${what}, as it does on ${witness.platform} without QEMU`,
      hint: `the program is at fault, not the emulator: begin with ${witness.platform}, where a debugger works`,
    },
  }
}
