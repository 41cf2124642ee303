/** How CMake is told of the compiler and the sysroot for the target. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sysroot } from '../root/sysroot.ts'

/** `CMAKE_SYSTEM_PROCESSOR` by the first word of a tuple, where they differ. */
const processors: Readonly<Record<string, string>> = { arm: 'armv7l', powerpc64le: 'ppc64le', i686: 'i686' }

/**
 * Writes a toolchain file into the folder of the compilers' scripts; the variable that it returns makes every CMake read it, that
 * of a package's own script as well.
 */
export async function writeCmakeToolchain(
  bin: string,
  tuple: string,
  sysroot: Pick<Sysroot, 'folder'> | undefined,
): Promise<Record<string, string>> {
  const [processor = ''] = tuple.split('-')
  const lines = [
    'set(CMAKE_SYSTEM_NAME Linux)',
    `set(CMAKE_SYSTEM_PROCESSOR ${processors[processor] ?? processor})`,
    ...Object.entries({ C_COMPILER: 'gcc', CXX_COMPILER: 'g++', AR: 'ar', NM: 'nm', RANLIB: 'ranlib' }).map(
      ([name, program]) => `set(CMAKE_${name} "${join(bin, program)}")`,
    ),
    ...(sysroot
      ? [
          `set(CMAKE_LIBRARY_ARCHITECTURE ${tuple})`,
          `set(CMAKE_FIND_ROOT_PATH "${sysroot.folder}")`,
          'set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)',
          'set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)',
          'set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)',
          'set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)',
        ]
      : []),
  ]
  const file = join(bin, 'toolchain.cmake')
  await writeFile(file, `${lines.join('\n')}\n`)
  return { CMAKE_TOOLCHAIN_FILE: file }
}
