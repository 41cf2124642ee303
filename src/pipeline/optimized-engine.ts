/**
 * The buildkit engine with a Dockerfile that was rewritten in memory, proved the first time: the images of the original and of
 * the rewritten file are compared file by file. The proof holds for the files, the arguments and the dependencies that it was
 * made for; sources may change (`proofKey`).
 */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../base/index.ts'
import { type Comparison, compareImages } from '../compare/index.ts'
import type { BuildkitRequest, BuildkitTools, ReadyBuilder } from '../engines/buildkit/index.ts'
import type { OptimizedDockerfile, OptimizeProject } from '../optimize/index.ts'
import { buildkitEngine } from './buildkit-engine.ts'
import type { BuiltImage, Engine, EngineOptions } from './engine.ts'
import { proofKey } from './optimize-proof.ts'

export interface Optimization {
  rewritten: OptimizedDockerfile
  /** what the rewrite was decided by */
  project: OptimizeProject
  /** take a proof of an earlier build */
  reuse: boolean
}

const area = 'optimize-proofs'

/** Differences that are told one by one, for each platform. */
const toldDifferences = 10

export function optimizedEngine(
  request: BuildkitRequest,
  { rewritten, project, reuse }: Optimization,
  ready: ReadyBuilder,
  tools: BuildkitTools,
): Engine {
  const { changes } = rewritten
  const original = buildkitEngine(request, ready, tools)
  if (changes.length === 0) return original
  return {
    name: 'buildkit',
    async build(timed, options) {
      const { contexts = [], signal } = options
      await using folder = await tools.cache.temporaryFolder()
      const optimized = buildkitEngine(await rewrittenRequest(request, rewritten, folder.path), ready, tools)
      const image = await optimized.build(timed, options)
      try {
        const key = await proofKey({ request, rewritten, project, contexts }, tools, { signal })
        const known = reuse && key !== undefined ? await tools.cache.record(area, key) : undefined
        if (known !== undefined) return { ...image, optimized: { changes: changes.length, proof: 'earlier' } }
        const findings = await timed('prove', () => prove(image, original, tools, options))
        if (findings.length === 0 && key !== undefined)
          await tools.cache.setRecord(area, key, { changes: changes.length })
        return {
          ...image,
          findings: [...image.findings, ...findings],
          optimized: { changes: changes.length, proof: 'now' },
        }
      } catch (error) {
        await image.reader.close()
        throw error
      }
    },
  }
}

/** An ignore file of the Dockerfile's own is looked for beside it. */
async function rewrittenRequest(
  request: BuildkitRequest,
  { text }: OptimizedDockerfile,
  folder: string,
): Promise<BuildkitRequest> {
  const { source } = request
  const file = join(folder, 'Dockerfile')
  await writeFile(file, text)
  await copyFile(`${source.file}.dockerignore`, `${file}.dockerignore`).catch(() => {})
  return { ...request, source: { ...source, file, text, name: `${source.name} (optimized)` } }
}

async function prove(
  image: BuiltImage,
  original: Engine,
  { progress }: BuildkitTools,
  options: EngineOptions,
): Promise<Finding[]> {
  progress({
    type: 'decision',
    topic: 'prove',
    text: 'the original Dockerfile is built as well, and the images are compared',
  })
  const reference = await original.build((_, work) => work(), options)
  try {
    const comparison = await compareImages(reference.reader, image.reader, options)
    if (comparison.same) {
      progress({ type: 'decision', topic: 'prove', text: 'both images have the same files' })
    }
    return findingsOf(comparison)
  } finally {
    await reference.reader.close()
  }
}

function findingsOf({ platforms, missing }: Comparison): Finding[] {
  const hint = 'build without --optimize, or see everyarch explain optimize/image-differs'
  const finding = (platform: string, message: string, path?: string): Finding => ({
    rule: 'optimize/image-differs',
    severity: 'error',
    message,
    hint,
    platform,
    ...(path === undefined ? {} : { path }),
  })
  return [
    ...missing.map(({ platform }) => finding(platform, 'only one of the two images is for this platform')),
    ...platforms.flatMap(({ platform, differences, config }) => [
      ...config.map(({ field, a, b }) =>
        finding(platform, `${field} is ${a ?? 'absent'} without and ${b ?? 'absent'} with the rewrite`),
      ),
      ...differences
        .slice(0, toldDifferences)
        .map(({ path, kind }) =>
          finding(platform, `differs from the image of the original file: ${kind}`, path),
        ),
    ]),
  ]
}
