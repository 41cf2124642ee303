/** Asks the node that builds a platform what it is itself: a build of nothing that writes down BUILDPLATFORM. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform, parsePlatform, type Platform } from '../../../oci/index.ts'
import { temporaryFolder } from '../../../store/index.ts'
import { askDocker, type DockerCommand } from '../buildx/run-buildx.ts'

const dockerfile = ['FROM scratch', 'ARG BUILDPLATFORM', 'COPY <<E /platform', '${BUILDPLATFORM}', 'E', '']

export interface BuildPlatformQuestion extends CancelOptions {
  builder: string | undefined
  platform: Platform
}

/** The platform of the node's own CPU; undefined where the build does not work. */
export async function askBuildPlatform(
  docker: DockerCommand,
  { builder, platform, signal }: BuildPlatformQuestion,
): Promise<Platform | undefined> {
  await using folder = await temporaryFolder(tmpdir())
  const context = join(folder.path, 'context')
  const output = join(folder.path, 'output')
  await mkdir(context)
  await writeFile(join(context, 'Dockerfile'), dockerfile.join('\n'))
  const args = [
    'buildx',
    'build',
    ...(builder === undefined ? [] : ['--builder', builder]),
    '--platform',
    formatPlatform(platform),
    '--provenance=false',
    '--progress=plain',
    `--output=type=local,dest=${output}`,
    context,
  ]
  const { exitCode } = await askDocker(docker, args, { signal })
  if (exitCode !== 0) return undefined
  const text = await readFile(join(output, 'platform'), 'utf8').catch(() => '')
  return text.trim() === '' ? undefined : parsePlatform(text)
}
