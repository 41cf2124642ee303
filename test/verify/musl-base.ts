/**
 * A root file system with musl, as Alpine's is: Debian's musl with its loader and path file, and under Alpine's names what an
 * addon meets there, made by a compiler: the C++ runtime and a Node executable, as far as a loader and the rules look at them.
 * There is no public package of Alpine itself to make it from.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { muslFolder } from '../engines/musl.ts'
import { compile, library } from './compile.ts'
import type { Architecture } from './planted-faults.ts'
import type { Files } from './image.ts'

const names = { amd64: 'x86_64', arm64: 'aarch64' } as const

/** `nodeApiFunctions` are those that the Node executable offers. Needs `ensureMusl`. */
export function muslBase(architecture: Architecture, nodeApiFunctions: readonly string[]): Files {
  const machine = `${architecture}-musl` as const
  const name = names[architecture]
  const libc = `lib/${name}-linux-musl/libc.so`
  const pathFile = `etc/ld-musl-${name}.path`
  const debian = (path: string) => readFileSync(join(muslFolder(architecture), path))
  const program = (content: Uint8Array) => ({ content, mode: 0o755 })
  const runtime = library(machine, 'libgcc_s.so.1')
  const offered = nodeApiFunctions.map((called) => `void ${called}(void) {}`).join('\n')
  return {
    [libc]: program(debian(libc)),
    [`lib/ld-musl-${name}.so.1`]: { symlink: `${name}-linux-musl/libc.so` },
    [`lib/libc.musl-${name}.so.1`]: { symlink: `ld-musl-${name}.so.1` },
    [pathFile]: Buffer.concat([debian(pathFile), Buffer.from('/lib\n/usr/local/lib\n/usr/lib\n')]),
    'usr/lib/libgcc_s.so.1': program(runtime),
    'usr/lib/libstdc++.so.6': program(
      compile(machine, usesRuntime, ['-shared', '-fPIC', '-Wl,-soname,libstdc++.so.6'], {
        'libgcc_s.so.1': runtime,
      }),
    ),
    'usr/local/bin/node': program(
      compile(machine, `${offered}\nint main(void) { return 0; }`, ['-rdynamic', '-Wl,--no-as-needed'], {
        'libstdc++.so.6': compile(machine, usesRuntime, ['-shared', '-fPIC', '-Wl,-soname,libstdc++.so.6'], {
          'libgcc_s.so.1': runtime,
        }),
        'libgcc_s.so.1': runtime,
      }),
    ),
    'etc/alpine-release': '3.22.0\n',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  }
}

const usesRuntime =
  'extern int everyarch_probe(void); int everyarch_runtime(void) { return everyarch_probe(); }'
