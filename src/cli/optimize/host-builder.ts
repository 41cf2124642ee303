/** This machine as a builder: its CPU, and the emulators that its kernel starts by itself. */
import { readdir, readFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { type BuilderFacts, machineBuilder } from '../../forecast/index.ts'
import { parsePlatform } from '../../oci/index.ts'

const registrations = '/proc/sys/fs/binfmt_misc'

/** Node's and QEMU's names of architectures as platforms. */
const ofNode: Record<string, string> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le', arm: 'arm/v7' }
const ofQemu: Record<string, string> = {
  aarch64: 'arm64',
  arm: 'arm/v7',
  x86_64: 'amd64',
  i386: '386',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
}

/** Where nothing says which emulators there are, as on a machine whose containers run in another one, all are taken to be there. */
export async function hostBuilder({ signal }: CancelOptions): Promise<BuilderFacts> {
  const native = `linux/${ofNode[arch()] ?? arch()}`
  const names =
    process.platform === 'linux' ? await readdir(registrations).catch(() => []) : Object.keys(ofQemu)
  const emulated: string[] = []
  for (const name of names) {
    throwIfAborted(signal)
    const architecture = ofQemu[name.replace(/^qemu-/u, '')]
    if (architecture === undefined) continue
    const state =
      process.platform === 'linux'
        ? await readFile(join(registrations, name), 'utf8').catch(() => '')
        : 'enabled'
    if (state.startsWith('enabled')) emulated.push(`linux/${architecture}`)
  }
  return machineBuilder(parsePlatform(native), emulated.map(parsePlatform))
}
