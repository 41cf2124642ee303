/** Values of `e_machine` (System V ABI, chapter 4, and its processor supplements) that a Node image may meet. */

export interface Machine {
  /** as `readelf` and `file` readers know it */
  name: string
  /** Go's architecture name by class and byte order: `32le`, `32be`, `64le`, `64be`; absent where none fits */
  architectures: Partial<Record<`${'32' | '64'}${'le' | 'be'}`, string>>
}

export const machineNumbers = { i386: 3, arm: 40, x86_64: 62, aarch64: 183, riscv: 243 } as const

const machines: Record<number, Machine> = {
  2: { name: 'SPARC', architectures: {} },
  3: { name: 'i386', architectures: { '32le': '386' } },
  8: {
    name: 'MIPS',
    architectures: { '32be': 'mips', '32le': 'mipsle', '64be': 'mips64', '64le': 'mips64le' },
  },
  20: { name: 'PowerPC', architectures: {} },
  21: { name: 'PowerPC64', architectures: { '64le': 'ppc64le', '64be': 'ppc64' } },
  22: { name: 'S390', architectures: { '64be': 's390x' } },
  40: { name: 'ARM', architectures: { '32le': 'arm' } },
  43: { name: 'SPARC V9', architectures: {} },
  50: { name: 'IA-64', architectures: {} },
  62: { name: 'x86-64', architectures: { '64le': 'amd64' } },
  183: { name: 'AArch64', architectures: { '64le': 'arm64' } },
  243: { name: 'RISC-V', architectures: { '64le': 'riscv64' } },
  247: { name: 'BPF', architectures: {} },
  258: { name: 'LoongArch', architectures: { '64le': 'loong64' } },
}

export function machineName(machine: number): string {
  return machines[machine]?.name ?? `machine ${machine}`
}

/** The architecture's name in platforms; undefined when no platform has it (x32, big-endian arm, SPARC…). */
export function architectureOf(machine: number, wide: boolean, little: boolean): string | undefined {
  return machines[machine]?.architectures[`${wide ? '64' : '32'}${little ? 'le' : 'be'}`]
}
