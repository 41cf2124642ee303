/** Faults as they happen, made by real compilers from sound parts: each beside its sound twin. */
import type { RunConfig } from '../../src/oci/index.ts'
import {
  abiAddon,
  callsProbe,
  compile,
  helloProgram,
  library,
  type Machine,
  nodeApiAddon,
  registeringAddon,
} from './compile.ts'
import type { Files } from './image.ts'

export type Architecture = 'amd64' | 'arm64'

export interface Variation {
  /** layers above the base, lowest first */
  layers: readonly Files[]
  config?: RunConfig
}

export interface PlantedFault {
  title: string
  /** the finding's rule and path; the path is absent for findings without one */
  rule: string
  path?: string
  severity?: 'error' | 'warning'
  /** where it differs from both */
  architectures?: readonly Architecture[]
  faulty(architecture: Architecture): Variation
  sound(architecture: Architecture): Variation
}

export const addon = 'app/node_modules/native/build/Release/native.node'
export const other = (architecture: Architecture): Architecture =>
  architecture === 'amd64' ? 'arm64' : 'amd64'
export const program = (content: Uint8Array) => ({ content, mode: 0o755 })

/** An application with one native package. */
export function withAddon(content: Uint8Array, more: Files = {}): Variation {
  return {
    layers: [
      {
        'app/package.json': JSON.stringify({ name: 'app', dependencies: { native: '1.0.0' } }),
        'app/server.js': 'require("native")',
        'app/node_modules/native/package.json': JSON.stringify({ name: 'native', version: '1.0.0' }),
        [addon]: content,
        ...more,
      },
    ],
  }
}

export function withPackage(manifest: object, files: Files, more: Files = {}): Variation {
  const inner = Object.fromEntries(
    Object.entries(files).map(([path, file]) => [`app/node_modules/native/${path}`, file]),
  )
  return {
    layers: [
      {
        'app/package.json': JSON.stringify({ name: 'app', dependencies: { native: '1.0.0' } }),
        'app/node_modules/native/package.json': JSON.stringify({
          name: 'native',
          version: '1.0.0',
          ...manifest,
        }),
        ...inner,
        ...more,
      },
    ],
  }
}

const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))
const start = (config: RunConfig, files: Files = {}): Variation => ({ layers: [files], config })
const nodeName = (architecture: Architecture) => (architecture === 'amd64' ? 'x64' : 'arm64')
/** The beginning of a macOS file for this machine: all that a loader looks at before it gives up. */
const machO = Buffer.concat([Buffer.from('cffaedfe0c000001', 'hex'), Buffer.alloc(4096)])
/** A function that only the base's own newer relative would have. */
const fromTheFuture = (machine: Machine, soname: string, version: string) => ({
  [soname]: library(machine, soname, version),
})

export const plantedFaults: readonly PlantedFault[] = [
  {
    title: 'an addon that was compiled on another machine',
    rule: 'image/wrong-architecture',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(other(architecture))),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'a program of a package that an install script overwrote',
    rule: 'image/wrong-architecture',
    path: 'app/node_modules/native/bin/native',
    faulty: (architecture) =>
      withPackage({}, { 'bin/native': program(compile(other(architecture), helloProgram, ['-static'])) }),
    sound: (architecture) =>
      withPackage({}, { 'bin/native': program(compile(architecture, helloProgram, ['-static'])) }),
  },
  {
    title: 'a wrong file under the right name of a prebuild',
    rule: 'image/wrong-architecture',
    faulty: (architecture) =>
      withPackage(
        {},
        { [`prebuilds/linux-${nodeName(architecture)}/native.node`]: nodeApiAddon(other(architecture)) },
      ),
    sound: () =>
      withPackage(
        {},
        {
          'prebuilds/linux-x64/native.node': nodeApiAddon('amd64'),
          'prebuilds/linux-arm64/native.node': nodeApiAddon('arm64'),
          'prebuilds/linux-arm/native.node': nodeApiAddon('arm'),
        },
      ),
    path: '*',
  },
  {
    title: 'a stray build that shadows a good prebuild',
    rule: 'image/wrong-architecture',
    path: addon,
    faulty: (architecture) =>
      withAddon(nodeApiAddon(other(architecture)), {
        [`app/node_modules/native/prebuilds/linux-${nodeName(architecture)}/native.node`]:
          nodeApiAddon(architecture),
      }),
    sound: (architecture) =>
      withPackage(
        {},
        { [`prebuilds/linux-${nodeName(architecture)}/native.node`]: nodeApiAddon(architecture) },
      ),
  },
  {
    title: 'a whiteout that hides the only good copy',
    rule: 'image/wrong-architecture',
    path: addon,
    faulty: (architecture) => ({
      layers: [
        ...withAddon(nodeApiAddon(architecture)).layers,
        { 'app/node_modules/.wh.native': '' },
        ...withAddon(nodeApiAddon(other(architecture))).layers,
      ],
    }),
    sound: (architecture) => ({
      layers: [
        ...withAddon(nodeApiAddon(other(architecture))).layers,
        { 'app/node_modules/native/build/Release/.wh..wh..opq': '', [addon]: nodeApiAddon(architecture) },
      ],
    }),
  },
  {
    title: 'a stage that ran on another platform',
    rule: 'image/wrong-architecture',
    faulty: (architecture) => ({ layers: [tools(other(architecture))] }),
    sound: (architecture) => ({ layers: [tools(architecture)] }),
  },
  {
    title: 'code for newer processors than the platform says',
    rule: 'image/microarchitecture-level',
    severity: 'warning',
    architectures: ['amd64'],
    path: addon,
    faulty: (architecture) =>
      withAddon(nodeApiAddon(architecture, {}, ['-march=x86-64-v3', '-Wl,-z,x86-64-v3'])),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'an addon whose download was interrupted',
    rule: 'image/damaged-binary',
    path: addon,
    faulty: (architecture) => withAddon(cut(nodeApiAddon(architecture))),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'an addon of the developer’s macOS',
    rule: 'image/foreign-object-format',
    path: addon,
    faulty: () => withAddon(machO),
    sound: (architecture) =>
      withAddon(nodeApiAddon(architecture), {
        'app/node_modules/native/prebuilds/darwin-arm64/native.node': machO,
      }),
  },
  {
    title: 'a program whose loader is not in the image',
    rule: 'image/missing-interpreter',
    path: 'usr/local/bin/tool',
    faulty: (architecture) => ({
      layers: [
        {
          'usr/local/bin/tool': program(
            compile(architecture, helloProgram, ['-Wl,--dynamic-linker=/opt/lib/ld.so']),
          ),
        },
      ],
    }),
    sound: (architecture) => ({
      layers: [{ 'usr/local/bin/tool': program(compile(architecture, helloProgram)) }],
    }),
  },
  {
    title: 'an addon for musl in an image with glibc',
    rule: 'image/libc-mismatch',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(`${architecture}-musl`)),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'a program for musl in an image with glibc',
    rule: 'image/libc-mismatch',
    path: 'usr/local/bin/tool',
    faulty: (architecture) => ({
      layers: [{ 'usr/local/bin/tool': program(compile(`${architecture}-musl`, helloProgram)) }],
    }),
    sound: (architecture) => ({
      layers: [{ 'usr/local/bin/tool': program(compile(`${architecture}-musl`, helloProgram, ['-static'])) }],
    }),
  },
  {
    title: 'a library that only the build stage had',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) => withAddon(linked(architecture)),
    sound: (architecture) => withAddon(linked(architecture, ['-Wl,-rpath,$ORIGIN']), beside(architecture)),
  },
  {
    title: 'a library where the loader does not look',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) =>
      withAddon(linked(architecture), {
        'usr/local/lib/libeveryarch.so.1': library(architecture, 'libeveryarch.so.1'),
      }),
    sound: (architecture) =>
      withAddon(linked(architecture), {
        'usr/lib/libeveryarch.so.1': library(architecture, 'libeveryarch.so.1'),
      }),
  },
  {
    title: 'a library for another machine',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) =>
      withAddon(linked(architecture), {
        [`usr/lib/${triplet(other(architecture))}/libeveryarch.so.1`]: library(
          other(architecture),
          'libeveryarch.so.1',
        ),
      }),
    sound: (architecture) =>
      withAddon(linked(architecture), {
        [`usr/lib/${triplet(architecture)}/libeveryarch.so.1`]: library(architecture, 'libeveryarch.so.1'),
      }),
  },
  {
    title: 'libstdc++ is gone',
    rule: 'image/missing-library',
    path: 'usr/local/bin/node',
    faulty: (architecture) => ({ layers: [{ [`usr/lib/${triplet(architecture)}/.wh.libstdc++.so.6`]: '' }] }),
    sound: () => ({ layers: [] }),
  },
  {
    title: 'an addon from a newer distribution',
    rule: 'image/library-too-old',
    path: addon,
    faulty: (architecture) =>
      withAddon(
        nodeApiAddon(
          architecture,
          {},
          [],
          fromTheFuture(architecture, 'libm.so.6', 'GLIBC_2.99'),
          callsProbe,
        ),
      ),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'an addon from a newer compiler',
    rule: 'image/library-too-old',
    path: addon,
    faulty: (architecture) =>
      withAddon(
        nodeApiAddon(
          architecture,
          {},
          [],
          fromTheFuture(architecture, 'libstdc++.so.6', 'GLIBCXX_3.4.99'),
          callsProbe,
        ),
      ),
    sound: (architecture) => withAddon(nodeApiAddon(architecture)),
  },
  {
    title: 'LD_PRELOAD with the triplet of another architecture',
    rule: 'image/preload-not-found',
    severity: 'warning',
    path: '*',
    faulty: (architecture) =>
      start({ Env: [`LD_PRELOAD=/usr/lib/${triplet(other(architecture))}/libm.so.6`] }),
    sound: (architecture) => start({ Env: [`LD_PRELOAD=/usr/lib/${triplet(architecture)}/libm.so.6`] }),
  },
  {
    title: 'an addon for another Node',
    rule: 'image/node-abi-mismatch',
    path: addon,
    faulty: (architecture) => withAddon(abiAddon(architecture, 115)),
    sound: (architecture) => withAddon(abiAddon(architecture, 127)),
  },
  {
    title: 'an addon for another Node that registers itself',
    rule: 'image/node-abi-mismatch',
    path: addon,
    faulty: (architecture) => withAddon(registeringAddon(architecture, 108)),
    sound: (architecture) => withAddon(registeringAddon(architecture, 127)),
  },
  {
    title: 'an addon that declares a newer Node-API',
    rule: 'image/node-api-too-new',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(architecture, { version: 42 })),
    sound: (architecture) => withAddon(nodeApiAddon(architecture, { version: 10 })),
  },
  {
    title: 'an addon that calls a function which Node does not have',
    rule: 'image/node-api-too-new',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(architecture, { calls: 'node_api_from_the_future' })),
    sound: (architecture) => withAddon(nodeApiAddon(architecture, { calls: 'node_api_symbol_for' })),
  },
  {
    title: 'prebuilds for every platform but this one',
    rule: 'image/missing-prebuild',
    path: 'app/node_modules/native',
    faulty: (architecture) =>
      withPackage(
        {},
        {
          [`prebuilds/linux-${nodeName(other(architecture))}/native.node`]: nodeApiAddon(other(architecture)),
        },
      ),
    sound: (architecture) =>
      withPackage(
        {},
        { [`prebuilds/linux-${nodeName(architecture)}/native.node`]: nodeApiAddon(architecture) },
      ),
  },
  {
    title: 'prebuilds for every Node but this one',
    rule: 'image/missing-prebuild',
    path: 'app/node_modules/native',
    faulty: (architecture) =>
      withPackage(
        {},
        { [`lib/native-linux-${nodeName(architecture)}-glibc-115.node`]: abiAddon(architecture, 115) },
      ),
    sound: (architecture) =>
      withPackage(
        {},
        {
          [`lib/native-linux-${nodeName(architecture)}-glibc-115.node`]: abiAddon(architecture, 115),
          [`lib/native-linux-${nodeName(architecture)}-glibc-127.node`]: abiAddon(architecture, 127),
        },
      ),
  },
  {
    title: 'the optional package of another platform',
    rule: 'image/missing-prebuild',
    path: 'app/node_modules/native',
    faulty: (architecture) => withPackage(family, {}, carrier(other(architecture))),
    sound: (architecture) => withPackage(family, {}, carrier(architecture)),
  },
  {
    title: 'a path of node-pre-gyp',
    rule: 'image/missing-prebuild',
    path: 'app/node_modules/native',
    faulty: (architecture) =>
      withPackage(preGyp, {
        [`lib/binding/linux-${nodeName(other(architecture))}/native.node`]: nodeApiAddon(other(architecture)),
      }),
    sound: (architecture) =>
      withPackage(preGyp, {
        [`lib/binding/linux-${nodeName(architecture)}/native.node`]: nodeApiAddon(architecture),
      }),
  },
  {
    title: 'an install script that did not run',
    rule: 'image/addon-not-compiled',
    path: 'app/node_modules/native',
    faulty: () => withPackage({}, { 'binding.gyp': '{}' }),
    sound: (architecture) =>
      withPackage({}, { 'binding.gyp': '{}', 'build/Release/native.node': nodeApiAddon(architecture) }),
  },
  {
    title: 'an install script that may fail',
    rule: 'image/addon-not-compiled',
    severity: 'warning',
    path: 'app/node_modules/native',
    faulty: () =>
      withPackage({ scripts: { install: 'node-gyp rebuild || exit 0' } }, { 'binding.gyp': '{}' }),
    sound: (architecture) =>
      withPackage({}, { 'binding.gyp': '{}', 'build/Release/native.node': nodeApiAddon(architecture) }),
  },
  {
    title: 'Node is gone',
    rule: 'image/node-missing',
    path: 'node',
    faulty: () => ({ layers: [{ 'usr/local/bin/.wh.node': '' }], config: { Cmd: ['node', '--version'] } }),
    sound: () => ({ layers: [], config: { Cmd: ['node', '--version'] } }),
  },
  {
    title: 'a command that nobody installed',
    rule: 'image/command-not-found',
    faulty: () => start({ Entrypoint: ['tini', '--'], Cmd: ['node', '--version'] }),
    sound: (architecture) =>
      start(
        { Entrypoint: ['tini', '--'], Cmd: ['node', '--version'] },
        { 'usr/bin/tini': program(compile(architecture, helloProgram, ['-static'])) },
      ),
  },
  {
    title: 'an entrypoint that nobody may execute',
    rule: 'image/command-not-executable',
    path: 'entry.sh',
    faulty: () => start({ Entrypoint: ['/entry.sh'] }, { 'entry.sh': '#!/bin/sh\nexec "$@"\n' }),
    sound: () =>
      start(
        { Entrypoint: ['/entry.sh'] },
        { 'entry.sh': { content: '#!/bin/sh\nexec "$@"\n', mode: 0o755 } },
      ),
  },
  {
    title: 'an entrypoint with Windows line ends',
    rule: 'image/missing-script-interpreter',
    path: 'entry.sh',
    faulty: () =>
      start(
        { Entrypoint: ['/entry.sh'] },
        { 'entry.sh': { content: '#!/bin/sh\r\nexec "$@"\r\n', mode: 0o755 } },
      ),
    sound: () =>
      start(
        { Entrypoint: ['/entry.sh'] },
        { 'entry.sh': { content: '#!/bin/sh\nexec "$@"\n', mode: 0o755 } },
      ),
  },
  {
    title: 'an entrypoint for a shell that is not there',
    rule: 'image/missing-script-interpreter',
    path: 'entry',
    faulty: () =>
      start({ Entrypoint: ['/entry'] }, { entry: { content: '#!/usr/bin/env fish\n', mode: 0o755 } }),
    sound: () =>
      start({ Entrypoint: ['/entry'] }, { entry: { content: '#!/usr/bin/env bash\n', mode: 0o755 } }),
  },
  {
    title: 'a main file that was not copied',
    rule: 'image/missing-main',
    path: 'app/dist/server.js',
    faulty: () => start({ Cmd: ['node', 'dist/server.js'], WorkingDir: '/app' }, { 'app/server.js': '' }),
    sound: () => start({ Cmd: ['node', 'dist/server'], WorkingDir: '/app' }, { 'app/dist/server.js': '' }),
  },
  {
    title: 'a module to preload that is a development dependency',
    rule: 'image/missing-main',
    path: 'app',
    faulty: () =>
      start(
        { Cmd: ['node', 'server.js'], Env: ['NODE_OPTIONS=--import=tsx'], WorkingDir: '/app' },
        { 'app/server.js': '' },
      ),
    sound: () =>
      start(
        { Cmd: ['node', '-r', './trace.js', 'server.js'], WorkingDir: '/app' },
        { 'app/server.js': '', 'app/trace.js': '' },
      ),
  },
  {
    title: 'a start script that is not there',
    rule: 'image/missing-main',
    path: 'app/package.json',
    faulty: () => start({ Cmd: ['npm', 'start'], WorkingDir: '/app' }, { 'app/package.json': '{}' }),
    sound: () =>
      start(
        { Cmd: ['npm', 'start'], WorkingDir: '/app' },
        { 'app/package.json': '{"scripts":{"start":"node x"}}' },
      ),
  },
  {
    title: 'a working directory that is not there',
    rule: 'image/missing-working-directory',
    severity: 'warning',
    path: 'srv/app',
    faulty: () => start({ WorkingDir: '/srv/app' }),
    sound: () => start({ WorkingDir: '/srv/app' }, { 'srv/app': { directory: true } }),
  },
  {
    title: 'a user that nobody created',
    rule: 'image/unknown-user',
    path: 'etc/passwd',
    faulty: () => start({ User: 'shop' }),
    sound: () => start({ User: 'nobody' }),
  },
  {
    title: 'a group that nobody created',
    rule: 'image/unknown-user',
    path: 'etc/group',
    faulty: () => start({ User: '1000:shop' }),
    sound: () => start({ User: '1000:nogroup' }),
  },
  {
    title: 'a hard link to a file that was left out',
    rule: 'image/broken-hard-link',
    path: 'app/b',
    faulty: () => ({ layers: [{ 'app/b': { hardlink: 'app/a' } }] }),
    sound: () => ({ layers: [{ 'app/a': 'text', 'app/b': { hardlink: 'app/a' } }] }),
  },
  {
    title: 'a file below a symbolic link of the base',
    rule: 'image/unsafe-entry',
    severity: 'warning',
    path: 'lib/tool',
    faulty: () => ({ layers: [{ 'lib/tool': 'text' }] }),
    sound: () => ({ layers: [{ 'usr/lib/tool': 'text' }] }),
  },
]

function tools(machine: Machine): Files {
  const file = program(compile(machine, helloProgram, ['-static']))
  return Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`opt/tools/bin/tool-${index}`, file]))
}

function triplet(architecture: Architecture): string {
  return architecture === 'amd64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu'
}

function linked(machine: Machine, flags: readonly string[] = []): Buffer {
  return nodeApiAddon(
    machine,
    {},
    flags,
    { 'libeveryarch.so.1': library(machine, 'libeveryarch.so.1') },
    callsProbe,
  )
}

function beside(machine: Machine): Files {
  return { 'app/node_modules/native/build/Release/libeveryarch.so.1': library(machine, 'libeveryarch.so.1') }
}

const family = {
  optionalDependencies: {
    '@native/native-linux-x64-gnu': '1.0.0',
    '@native/native-linux-arm64-gnu': '1.0.0',
    '@native/native-linux-arm64-musl': '1.0.0',
    '@native/native-darwin-arm64': '1.0.0',
  },
}

function carrier(architecture: Architecture): Files {
  const name = `@native/native-linux-${nodeName(architecture)}-gnu`
  const manifest = { name, version: '1.0.0', os: ['linux'], cpu: [nodeName(architecture)], libc: ['glibc'] }
  const folder = `app/node_modules/${name}`
  return {
    [`${folder}/package.json`]: JSON.stringify(manifest),
    [`${folder}/native.linux-${nodeName(architecture)}-gnu.node`]: nodeApiAddon(architecture),
  }
}

const preGyp = { binary: { module_name: 'native', module_path: './lib/binding/{platform}-{arch}' } }
