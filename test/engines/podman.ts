/** podman as it is installed, with storage and settings of its own, so that nothing of the machine's is touched. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'

export interface Podman {
  /** what a program needs in its environment to use it */
  readonly env: { readonly CONTAINERS_CONF: string; readonly CONTAINERS_STORAGE_CONF: string }
  podman(args: readonly string[]): Promise<string>
  /** Removes what it keeps, and the folder. */
  stop(): Promise<void>
}

/** Needs root. What it keeps is below the folder, with mounts as long as it is not stopped. */
export async function podmanIn(folder: string): Promise<Podman> {
  const settings = join(folder, 'containers.conf')
  const storage = join(folder, 'storage.conf')
  await mkdir(folder, { recursive: true })
  // Limits that need no privilege, and the runtime that gets along with cgroups of both versions.
  const containers =
    '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\n'
  await writeFile(settings, containers)
  const places = `runroot = "${join(folder, 'run')}"\ngraphroot = "${join(folder, 'graph')}"\n`
  await writeFile(storage, `[storage]\ndriver = "overlay"\n${places}`)
  const env = { CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage }
  const podman = (args: readonly string[]) => run('podman', args, { env })
  return {
    env,
    podman,
    async stop() {
      await podman(['system', 'reset', '--force'])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
