/** Whether and how this machine's kernel executes programs of a platform: binfmt_misc with QEMU. */
import { readdir, readFile } from 'node:fs/promises'
import { arch } from 'node:process'
import { formatPlatform, type Platform } from '../../oci/index.ts'
import type { Execution } from './runner.ts'

const handlers = '/proc/sys/fs/binfmt_misc'

/** ELF identification that binfmt_misc handlers look at: class and byte order, `e_machine`. */
const machines: Readonly<Record<string, { wide: boolean; big: boolean; machine: number }>> = {
  amd64: { wide: true, big: false, machine: 62 },
  386: { wide: false, big: false, machine: 3 },
  arm64: { wide: true, big: false, machine: 183 },
  arm: { wide: false, big: false, machine: 40 },
  ppc64le: { wide: true, big: false, machine: 21 },
  s390x: { wide: true, big: true, machine: 22 },
  riscv64: { wide: true, big: false, machine: 243 },
  loong64: { wide: true, big: false, machine: 258 },
}

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** The platform of this machine's kernel, as far as images are concerned. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: goArchitectures[arch] ?? arch }
}

/** Whether a host's CPU executes a platform itself. 64-bit x86 executes 32-bit; not every 64-bit Arm does. */
export function runsNatively(platform: Platform, host: Platform): boolean {
  if (platform.os !== host.os) return false
  return (
    platform.architecture === host.architecture ||
    (platform.architecture === '386' && host.architecture === 'amd64')
  )
}

/** Whether this machine executes a platform: itself, through an emulator, or not at all. */
export async function executionHere(platform: Platform): Promise<Execution['how']> {
  return runsNatively(platform, hostPlatform()) ? 'native' : (await emulation(platform)).how
}

/** How this machine executes a platform that is not its own. */
export async function emulation(platform: Platform): Promise<Execution> {
  if (platform.os === 'linux' && (await hasHandler(platform.architecture))) return { how: 'emulated' }
  const name = formatPlatform(platform)
  return {
    how: 'impossible',
    cause: {
      code: 'no-emulator',
      text: `this machine's kernel cannot execute ${name}: no QEMU handler is registered and enabled in binfmt_misc`,
      hint: `install QEMU (Debian, Ubuntu: apt-get install qemu-user-static binfmt-support; GitHub Actions: docker/setup-qemu-action), or test on a ${name} machine`,
    },
  }
}

async function hasHandler(architecture: string): Promise<boolean> {
  const wanted = machines[architecture]
  if (!wanted) return false
  const status = await readFile(`${handlers}/status`, 'utf8').catch(() => '')
  if (status.trim() !== 'enabled') return false
  for (const name of await readdir(handlers).catch(() => [])) {
    if (name === 'register' || name === 'status') continue
    const text = await readFile(`${handlers}/${name}`, 'utf8').catch(() => '')
    if (serves(text, wanted)) return true
  }
  return false
}

/** Whether a handler's entry, as the kernel shows it, is enabled and takes executables of this machine. */
function serves(entry: string, { wide, big, machine }: (typeof machines)[string] & object): boolean {
  if (!entry.startsWith('enabled\n') || !/^offset 0$/m.test(entry)) return false
  const bytes = (name: string) =>
    Buffer.from(new RegExp(`^${name} ([0-9a-f]+)$`, 'm').exec(entry)?.[1] ?? '', 'hex')
  const [magic, mask] = [bytes('magic'), bytes('mask')]
  const header = Buffer.alloc(20)
  header.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1])
  if (big) header.writeUInt16BE(2, 16)
  else header.writeUInt16LE(2, 16)
  if (big) header.writeUInt16BE(machine, 18)
  else header.writeUInt16LE(machine, 18)
  return (
    magic.length >= 20 && header.every((byte, at) => ((byte ^ (magic[at] ?? 0)) & (mask[at] ?? 0xff)) === 0)
  )
}
