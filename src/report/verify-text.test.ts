import { describe, expect, it } from 'vitest'
import type { Digest } from '../oci/index.ts'
import type { VerifyReport } from '../verify/index.ts'
import { placedMessage } from './verify-findings.ts'
import { verifyText } from './verify-text.ts'

const digest = `sha256:${'0'.repeat(64)}` as Digest
const summary = { digest, layers: [], recorded: false, milliseconds: 1 }
const report: VerifyReport = {
  image: 'ghcr.io/acme/shop:1.4.0',
  digest,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  platforms: [
    {
      ...summary,
      platform: 'linux/amd64',
      bytes: 78_300_000,
      content: {
        files: 400,
        binaries: 41,
        addons: 12,
        foreign: 0,
        node: { version: '22.12.0', abi: 127 },
        libc: 'glibc',
      },
    },
    { ...summary, platform: 'linux/arm64', bytes: 6_900_000 },
  ],
  attestations: 2,
  findings: [
    {
      rule: 'image/wrong-architecture',
      severity: 'error',
      platform: 'linux/arm64',
      path: 'app/x.node',
      package: 'x@1.0.0',
      message: 'is x86-64, the image says linux/arm64',
      hint: 'do this\nthen that',
      details: { layer: { index: 7, createdBy: 'COPY . .' } },
    },
    {
      rule: 'image/package-caches',
      severity: 'info',
      platform: 'linux/amd64',
      path: 'root/.npm',
      message: 'is a cache',
      details: { bytes: 1_200_000 },
    },
  ],
  ignored: [{ rule: 'image/dev-dependencies', uses: 0 }],
  counts: { errors: 1, warnings: 0, infos: 1, ignored: 0 },
  shared: { layers: 1, bytes: 24_300_000 },
  milliseconds: 1234,
}

describe('verifyText', () => {
  it('shows platforms, findings with their layer and hint, waste, and what to do next', () => {
    expect(verifyText(report, { colour: false })).toBe(
      `ghcr.io/acme/shop:1.4.0  ${digest}
  linux/amd64  78.3 MB  ✓ 41 binaries · 12 addons · Node 22.12.0 · glibc
  linux/arm64   6.9 MB  ✗ not examined
  24.3 MB shared between platforms · 2 attestations
error  image/wrong-architecture  linux/arm64  app/x.node
    is x86-64, the image says linux/arm64 (x@1.0.0)
    layer 7 (COPY . .)
    → do this
      then that
note  image/package-caches     1.2 MB  linux/amd64  root/.npm
warning  the ignored image/dev-dependencies was not found: the entry can go
1 error, 1 note in 1.2 s; everyarch explain image/wrong-architecture says more
`,
    )
  })

  it('is short when all is well', () => {
    const fine: VerifyReport = {
      ...report,
      findings: [],
      ignored: [],
      attestations: 0,
      shared: { layers: 0, bytes: 0 },
    }
    const lines = verifyText(fine, { colour: false }).trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines.at(-1)).toBe('no findings in 1.2 s')
  })

  it('says the same in colour', () => {
    const plain = verifyText(report, { colour: false })
    // oxlint-disable-next-line no-control-regex
    expect(verifyText(report, { colour: true }).replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('placedMessage', () => {
  it('says where', () => {
    const [first] = report.findings
    expect(first && placedMessage(first, 'shop:1')).toBe(
      'shop:1, linux/arm64: app/x.node (x@1.0.0) is x86-64, the image says linux/arm64; layer 7 (COPY . .)',
    )
    expect(
      placedMessage({ rule: 'image/platform-missing', severity: 'error', message: 'no' }, 'shop:1'),
    ).toBe('shop:1: no')
  })
})
