import { architectureOf } from '../../../../forecast/index.ts'
import { insert } from '../../../edits.ts'
import { textAt } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/prisma-targets',
  severity: 'error',
  summary: 'The Prisma client is generated without the engine of a platform that is asked for.',
  *check(project) {
    const architectures = new Set(
      [...project.platforms, ...project.dockerfiles.flatMap(({ platforms }) => platforms)].map(
        architectureOf,
      ),
    )
    for (const file of project.ofKind('prisma')) {
      const match = /^[ \t]*binaryTargets[ \t]*=[ \t]*\[([^\]]*)\]/mu.exec(file.text)
      if (!match || !/provider[ \t]*=[ \t]*"prisma-client-js"/u.test(file.text)) continue
      const start = match.index + match[0].lastIndexOf('[')
      const range = { start, end: match.index + match[0].length }
      const targets = [...textAt(file, range).matchAll(/"([^"]+)"/gu)].map((found) => found[1] as string)
      // `native` is whatever the stage that generates runs on.
      if (targets.includes('native') || targets.some((target) => target.includes('env('))) continue
      const missing = missingTarget(targets, architectures)
      if (missing === undefined) continue
      yield {
        file,
        range,
        message: `the image for ${missing.platform} has no query engine: PrismaClientInitializationError at the first query`,
        fix: {
          title: `add "${missing.target}"`,
          automatic: true,
          edits: [insert(file, range.end - 1, `${targets.length > 0 ? ', ' : ''}"${missing.target}"`)],
        },
      }
    }
  },
})

/** The name of the engine for the other CPU, with the system and OpenSSL of the one that is there. */
function missingTarget(
  targets: readonly string[],
  architectures: ReadonlySet<string>,
): { platform: string; target: string } | undefined {
  const x64 = targets.find((target) => /^(?:debian|rhel|linux-musl)-openssl|^linux-musl$/u.test(target))
  const arm64 = targets.find((target) => /^linux-(?:musl-)?arm64-openssl/u.test(target))
  if (x64 && !arm64 && architectures.has('arm64')) {
    const openssl = /openssl-[\d.x]+$/u.exec(x64)?.[0] ?? 'openssl-1.1.x'
    return {
      platform: 'linux/arm64',
      target: `linux-${x64.startsWith('linux-musl') ? 'musl-' : ''}arm64-${openssl}`,
    }
  }
  if (arm64 && !x64 && architectures.has('amd64')) {
    const openssl = /openssl-[\d.x]+$/u.exec(arm64)?.[0] ?? ''
    return {
      platform: 'linux/amd64',
      target: `${arm64.startsWith('linux-musl') ? 'linux-musl' : 'debian'}-${openssl}`,
    }
  }
  return undefined
}
