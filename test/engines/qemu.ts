/** Emulation of other CPUs: the kernel's binfmt_misc with Debian's statically linked QEMU. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { arch } from 'node:process'
import { EngineError, run } from './run.ts'

/** OCI architectures that tests emulate, and QEMU's names for them. */
const emulators = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  arm: 'arm',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
} as const

export type EmulatedArchitecture = keyof typeof emulators

const native: Partial<Record<NodeJS.Architecture, EmulatedArchitecture>> = { x64: 'amd64', arm64: 'arm64' }
const handlers = '/proc/sys/fs/binfmt_misc'

/**
 * Lets the kernel run programs of these architectures, in containers and chroots too. What is registered already stays as
 * it is, and what this adds stays until the machine restarts. Needs root.
 */
export async function ensureQemu(architectures: readonly EmulatedArchitecture[]): Promise<void> {
  if (!existsSync(`${handlers}/register`)) {
    await run('mount', ['-t', 'binfmt_misc', 'none', handlers])
  }
  for (const architecture of architectures.filter((name) => name !== native[arch])) {
    const name = `qemu-${emulators[architecture]}`
    if (!existsSync(`${handlers}/${name}`)) await register(name)
  }
}

async function register(name: string): Promise<void> {
  // Debian's entry carries the F flag: the kernel keeps the interpreter open, so a container need not hold a copy of it.
  const entry = await readFile(`/usr/lib/binfmt.d/${name}.conf`)
  await writeFile(`${handlers}/register`, entry).catch((error: unknown) => {
    if (!existsSync(`${handlers}/${name}`))
      throw new EngineError(`binfmt_misc refuses ${name}`, { cause: error })
  })
}
