/** Images of Dockerfiles, built by a real BuildKit for two platforms and read back. */
import { readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Comparison, compareImages } from '../../src/compare/index.ts'
import { parseImageLocation } from '../../src/oci/index.ts'
import {
  type OptimizedDockerfile,
  optimizeDockerfile,
  readOptimizeProject,
} from '../../src/optimize/index.ts'
import { openReader, openStores, storeSettingsFrom } from '../../src/store/index.ts'
import type { Docker } from '../engines/docker.ts'

const { signal } = new AbortController()
const platforms = ['linux/amd64', 'linux/arm64']

/** Builds the text as a Dockerfile of the project; resolves to the image's location. */
export async function buildImage(
  docker: Docker,
  project: string,
  name: string,
  text: string,
): Promise<string> {
  const file = join(project, `${name}.Dockerfile`)
  const archive = join(project, '..', `${name}.tar`)
  await writeFile(file, text)
  const output = ['--output', `type=oci,dest=${archive}`, '--provenance=false', '--progress', 'plain']
  const what = ['--file', file, '--platform', platforms.join(), '--network', 'host']
  await docker.docker(['buildx', 'build', ...what, ...output, project])
  return `oci-archive:${archive}`
}

export async function optimized(
  project: string,
  level: 'code' | 'packages' = 'code',
): Promise<OptimizedDockerfile> {
  const file = join(project, 'Dockerfile')
  return optimizeDockerfile(await readFile(file, 'utf8'), {
    platforms,
    level,
    project: await readOptimizeProject(project, file, { signal }),
  })
}

export async function compared(a: string, b: string): Promise<Comparison> {
  const stores = openStores(storeSettingsFrom(process.env, homedir()))
  const open = (location: string) => openReader(parseImageLocation(location), stores, { signal })
  const [left, right] = [await open(a), await open(b)]
  try {
    return await compareImages(left, right, { signal })
  } finally {
    await left.close()
    await right.close()
    await stores.close()
  }
}
