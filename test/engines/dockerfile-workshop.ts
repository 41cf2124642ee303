/** What building Dockerfiles for two platforms takes: QEMU, a registry with a base image of Node, a Docker engine, a folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pushNodeBaseImage } from './base-image.ts'
import { type Docker, type DockerOptions, startDocker } from './docker.ts'
import { ensureQemu } from './qemu.ts'
import { type Registry, startRegistry } from './registry.ts'

export interface DockerfileWorkshop {
  /** for files of the test's own */
  folder: string
  registry: Registry
  docker: Docker
  /** in the registry, for linux/amd64 and linux/arm64 */
  base: string
  /** Ends the engines and removes the folder. */
  close(): Promise<void>
}

/** Needs the engines docker, qemu, registry and base-image of `describeWith`. */
export async function openDockerfileWorkshop(
  name: string,
  options: DockerOptions = {},
): Promise<DockerfileWorkshop> {
  await ensureQemu(['arm64'])
  const folder = await mkdtemp(join(tmpdir(), `everyarch-${name}-`))
  const registry = await startRegistry()
  const base = await pushNodeBaseImage(registry)
  const docker = await startDocker(options)
  const close = async () => {
    await docker.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, registry, docker, base, close }
}
