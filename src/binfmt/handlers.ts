/** The kernel's binfmt_misc handlers: which program of this machine executes programs of other CPUs, and how. */
import { readdir, readFile } from 'node:fs/promises'

const root = '/proc/sys/fs/binfmt_misc'

export interface BinfmtHandler {
  name: string
  enabled: boolean
  interpreter: string
  /** such as `POF`: with F the kernel keeps the interpreter open, so that containers need not hold it */
  flags: string
  /** architectures whose executables it takes */
  architectures: readonly string[]
}

export interface Binfmt {
  /** the file system is mounted */
  mounted: boolean
  /** the kernel asks handlers at all */
  enabled: boolean
  handlers: readonly BinfmtHandler[]
}

/** ELF identification that handlers look at: class and byte order, `e_machine`. */
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

/** Never throws: where there is no binfmt_misc, nothing is mounted. */
export async function readBinfmt(): Promise<Binfmt> {
  const status = await readFile(`${root}/status`, 'utf8').catch(() => undefined)
  const names = await readdir(root).catch(() => [])
  const handlers: BinfmtHandler[] = []
  for (const name of names) {
    if (name === 'register' || name === 'status') continue
    const text = await readFile(`${root}/${name}`, 'utf8').catch(() => undefined)
    if (text !== undefined) handlers.push(parseHandler(name, text))
  }
  return { mounted: status !== undefined, enabled: status?.trim() === 'enabled', handlers }
}

/** The handler that executes an architecture, preferring one that is enabled. */
export function handlerFor({ handlers }: Binfmt, architecture: string): BinfmtHandler | undefined {
  const serving = handlers.filter(({ architectures }) => architectures.includes(architecture))
  return serving.find(({ enabled }) => enabled) ?? serving[0]
}

/** What keeps this machine from executing an architecture that is not its own, in a few words; undefined when nothing does. */
export function obstacle(binfmt: Binfmt, architecture: string): string | undefined {
  if (!binfmt.mounted) return 'binfmt_misc is not mounted'
  if (!binfmt.enabled) return 'binfmt_misc is switched off'
  const handler = handlerFor(binfmt, architecture)
  if (!handler) return 'no QEMU handler is registered'
  if (!handler.enabled) return `the handler ${handler.name} is disabled`
  return opensEarly(handler) ? undefined : `the handler ${handler.name} lacks the F flag`
}

/** With the F flag the kernel keeps the interpreter open: containers and other roots, which do not hold it, need that. */
export function opensEarly({ flags }: BinfmtHandler): boolean {
  return flags.includes('F')
}

/** What removes an obstacle. */
export function emulatorAdvice(architecture: string): string {
  return `docker run --privileged --rm tonistiigi/binfmt --install ${architecture} (Debian, Ubuntu: apt-get install qemu-user-static binfmt-support), or everyarch setup`
}

/** A handler's entry as the kernel shows it. */
export function parseHandler(name: string, text: string): BinfmtHandler {
  const field = (key: string) => new RegExp(`^${key}:? (.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const [magic, mask] = [Buffer.from(field('magic'), 'hex'), Buffer.from(field('mask'), 'hex')]
  const offset = field('offset')
  return {
    name,
    enabled: text.startsWith('enabled\n'),
    interpreter: field('interpreter'),
    flags: field('flags'),
    architectures: Object.keys(machines).filter(
      (architecture) => offset === '0' && takes(architecture, magic, mask),
    ),
  }
}

function takes(architecture: string, magic: Buffer, mask: Buffer): boolean {
  const { wide, big, machine } = machines[architecture] as (typeof machines)[string] & object
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
