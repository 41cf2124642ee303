/** Where a file can run. */
import type { Elf } from './elf.ts'
import { machineNumbers } from './machine.ts'

/** A platform in the OCI sense; structurally that of the `oci` room, which is on this floor. */
export interface ElfPlatform {
  os: string
  architecture: string
  /** the lowest variant that has what the file says it needs; absent when any will do, or the file does not say */
  variant?: string
}

const systemsByOsAbi: Record<number, string> = {
  0: 'linux',
  2: 'netbsd',
  3: 'linux',
  6: 'solaris',
  9: 'freebsd',
  12: 'openbsd',
}

/** The least platform on which a file runs; undefined when no platform's name covers it (x32, big-endian arm, SPARC…). */
export function elfPlatform(elf: Elf): ElfPlatform | undefined {
  if (elf.architecture === undefined) return undefined
  const variant = variantOf(elf)
  return { os: systemOf(elf), architecture: elf.architecture, ...(variant ? { variant } : {}) }
}

function systemOf(elf: Elf): string {
  if (elf.libc === 'bionic') return 'android'
  if (elf.system) return elf.system.toLowerCase()
  // Files of FreeBSD and Linux for 32-bit Arm carry 97 (ARM) there at times; it names no system.
  return systemsByOsAbi[elf.osAbi] ?? 'linux'
}

function variantOf(elf: Elf): string | undefined {
  if (elf.machine === machineNumbers.x86_64) return elf.x86Level === 'v1' ? undefined : elf.x86Level
  const version = elf.arm?.architecture
  return version !== undefined && version >= 5 ? `v${Math.min(version, 8)}` : undefined
}
