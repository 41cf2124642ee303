/** Addons that are built with CMake, told of the platform by a toolchain file, with a library of the sysroot. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseElf } from '../../src/elf/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { provideFor } from './provide-for.ts'

/** As cmake-js's own manual has it, with a library of the system. */
const cmakeLists = `cmake_minimum_required(VERSION 3.15)
project(checksum)
find_package(ZLIB REQUIRED)
if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64" OR NOT WITH_NAME STREQUAL "a name")
  message(FATAL_ERROR "\${CMAKE_SYSTEM_PROCESSOR} \${WITH_NAME}")
endif()
add_library(checksum SHARED src/checksum.cc \${CMAKE_JS_SRC})
set_target_properties(checksum PROPERTIES PREFIX "" SUFFIX ".node")
target_include_directories(checksum PRIVATE \${CMAKE_JS_INC})
target_link_libraries(checksum PRIVATE ZLIB::ZLIB \${CMAKE_JS_LIB})
`
const source = `#include <napi.h>
#include <zlib.h>
static Napi::Value Checksum(const Napi::CallbackInfo& info) {
  std::string text = info[0].As<Napi::String>();
  return Napi::Number::New(info.Env(), crc32(0, (const Bytef*)text.data(), text.size()));
}
static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("checksum", Napi::Function::New(env, Checksum));
  return exports;
}
NODE_API_MODULE(checksum, Init)
`

describeWith(['cmake', 'aarch64-linux-gnu-g++', 'make'], 'addons that are not built with node-gyp', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-cmake-'))
    const files = {
      'package.json': JSON.stringify({
        name: 'checksum',
        version: '1.0.0',
        scripts: { install: 'cmake-js compile --CDWITH_NAME="a name"' },
        dependencies: { 'node-addon-api': '8.5.0' },
      }),
      'CMakeLists.txt': cmakeLists,
      'src/checksum.cc': source,
    }
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, 'checksum', path)), { recursive: true })
      await writeFile(join(folder, 'checksum', path), text)
    }
    await run('npm', ['pack', './checksum'], { cwd: folder })
    const dependencies = { checksum: 'file:checksum-1.0.0.tgz' }
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 's', version: '1.0.0', dependencies }),
    )
    await run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=true'], {
      cwd: folder,
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('take CMake with a toolchain file', async () => {
    const provided = await provideFor({
      folder,
      cacheFolder: join(folder, 'cache'),
      platforms: ['linux/arm64'],
      settings: {},
    })
    const added = await provided.added('linux/arm64', 'node_modules/checksum')
    expect(Object.keys(added)).toEqual(['build/Release/checksum.node'])
    const elf = parseElf(added['build/Release/checksum.node'] as Buffer)
    expect(elf).toMatchObject({ machineName: 'AArch64', addon: { api: 'node-api' } })
    expect(elf?.needed).toContain('libz.so.1')
    expect(provided.libraries).toEqual(['zlib1g'])
  })
})
