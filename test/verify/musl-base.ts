/**
 * A root file system in the manner of Alpine: musl's loader, the C++ runtime and a Node executable, as far as a loader and the
 * rules look at them. There is no public package of a whole one to make it from.
 */
import { buildElf } from '../../src/elf/testdata/elf-builder.ts'
import type { Architecture } from './planted-faults.ts'
import type { Files } from './image.ts'

const names = { amd64: 'x86_64', arm64: 'aarch64' } as const
const machines = { amd64: 62, arm64: 183 } as const
/** `nodeApiFunctions` are those that the Node executable offers. */
export function muslBase(architecture: Architecture, nodeApiFunctions: readonly string[]): Files {
  const name = names[architecture]
  const machine = machines[architecture]
  const libc = `libc.musl-${name}.so.1`
  const program = (bytes: Uint8Array) => ({ content: bytes, mode: 0o755 })
  const cxx = (soname: string, needed: string[]) =>
    program(buildElf({ machine, soname, needed: [...needed, libc] }))
  return {
    [`lib/ld-musl-${name}.so.1`]: program(buildElf({ machine, soname: libc })),
    [`lib/${libc}`]: { symlink: `ld-musl-${name}.so.1` },
    'usr/lib/libgcc_s.so.1': cxx('libgcc_s.so.1', []),
    'usr/lib/libstdc++.so.6': cxx('libstdc++.so.6', ['libgcc_s.so.1']),
    'usr/local/bin/node': program(
      buildElf({
        machine,
        type: 2,
        interpreter: `/lib/ld-musl-${name}.so.1`,
        needed: ['libstdc++.so.6', libc],
        symbols: nodeApiFunctions.map((symbol) => ({ name: symbol, defined: true })),
      }),
    ),
    'etc/alpine-release': '3.22.0\n',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  }
}
