import { expect, it } from 'vitest'
import { withNativeEvidence } from './native-evidence.ts'
import type { PlatformSmoke } from './smoke-report.ts'

const result = (platform: string, code: string | undefined, probe = 'start'): PlatformSmoke => ({
  platform,
  digest: 'sha256:1',
  outcome: code ? 'failed' : 'passed',
  emulated: platform !== 'linux/amd64',
  probes: [
    {
      type: 'start',
      probe,
      outcome: code ? 'failed' : 'passed',
      summary: probe,
      ...(code
        ? { cause: { code, text: 'Segmentation fault under QEMU: the emulator may be at fault', hint: 'h' } }
        : {}),
      attempts: 1,
      milliseconds: 1,
      log: [],
    },
  ],
  milliseconds: 1,
})
const judged = (...platforms: PlatformSmoke[]) =>
  withNativeEvidence(platforms).map(({ probes }) => probes[0]?.cause)

it("a crash that a native platform has too is the program's", () => {
  expect(judged(result('linux/amd64', 'crashed'), result('linux/arm64', 'qemu-crash'))[1]).toMatchObject({
    code: 'crashed',
    text: 'it crashed: Segmentation fault, as it does on linux/amd64 without QEMU',
  })
})

it('a crash stays undecided where no native platform crashes, or only in another probe', () => {
  const emulated = result('linux/arm64', 'qemu-crash')
  const unchanged = emulated.probes[0]?.cause
  expect(judged(emulated)).toEqual([unchanged])
  expect(judged(result('linux/amd64', undefined), emulated)[1]).toEqual(unchanged)
  expect(judged(result('linux/amd64', 'exited'), emulated)[1]).toEqual(unchanged)
  expect(judged(result('linux/amd64', 'crashed', 'node -v'), emulated)[1]).toEqual(unchanged)
  expect(judged(result('linux/s390x', 'crashed'), emulated)[1]).toEqual(unchanged)
})
