/** Machines that have some of what runs images: everyarch is started on them as its users start it. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Outcome } from '../build/everyarch.ts'
import type { Docker } from '../engines/docker.ts'

const cli = join(import.meta.dirname, '../../dist/cli.js')
const withoutEmulators = join(import.meta.dirname, '../engines/without-emulators.sh')
const runners = ['docker', 'podman', 'crun', 'runc', 'unshare'] as const

export interface MachineParts {
  /** of the programs that run images, those that are installed */
  has: readonly (typeof runners)[number][]
  /** the engine that `docker` finds */
  docker?: Docker
  /** whether its kernel executes other CPUs' programs */
  emulates: boolean
}

export interface Machine {
  everyarch(args: readonly string[], cwd: string): Promise<Outcome>
}

/** `folder` takes its programs: all of this machine's, but of those that run images only what is named. */
export async function machineIn(folder: string, { has, docker, emulates }: MachineParts): Promise<Machine> {
  const programs = await mkdtemp(join(folder, 'programs-'))
  const path = docker?.env.PATH ?? process.env.PATH ?? ''
  const absent: readonly string[] = runners.filter((name) => !has.includes(name))
  for (const place of path.split(delimiter).filter((one) => existsSync(one))) {
    for (const name of readdirSync(place)) {
      if (!absent.includes(name)) await symlink(join(place, name), join(programs, name)).catch(() => {})
    }
  }
  const { DOCKER_HOST: _, DOCKER_CONTEXT: __, CONTAINER_HOST: ___, ...others } = process.env
  const env = { ...others, ...docker?.env, PATH: programs }
  const [program, ...words] = [...(emulates ? [] : [withoutEmulators]), process.execPath, cli]
  return {
    everyarch: (args, cwd) =>
      new Promise((resolve) => {
        execFile(program, [...words, ...args], { cwd, env }, (error, stdout, stderr) =>
          resolve({
            exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
            stdout,
            stderr,
          }),
        )
      }),
  }
}
