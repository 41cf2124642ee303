/** Faults of images with musl, each beside its sound twin. What does not depend on the C library is in `planted-faults.ts`. */
import { callsProbe, compile, helloProgram, library, nodeApiAddon } from './compile.ts'
import type { Files } from './image.ts'
import {
  addon,
  type Architecture,
  other,
  type PlantedFault,
  program,
  withAddon,
  withPackage,
} from './planted-faults.ts'

const musl = (architecture: Architecture) => `${architecture}-musl` as const
const shared = (architecture: Architecture) => library(musl(architecture), 'libeveryarch.so.1')
const linked = (architecture: Architecture, flags: readonly string[] = []) =>
  nodeApiAddon(musl(architecture), {}, flags, { 'libeveryarch.so.1': shared(architecture) }, callsProbe)
const tool = (content: Uint8Array): Files => ({ 'usr/local/bin/tool': program(content) })
const arch = { amd64: 'x86_64', arm64: 'aarch64' } as const

export const plantedMuslFaults: readonly PlantedFault[] = [
  {
    title: 'an addon for glibc',
    rule: 'image/libc-mismatch',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(architecture)),
    sound: (architecture) => withAddon(nodeApiAddon(musl(architecture))),
  },
  {
    title: 'a program for glibc',
    rule: 'image/libc-mismatch',
    path: 'usr/local/bin/tool',
    faulty: (architecture) => ({ layers: [tool(compile(architecture, helloProgram))] }),
    sound: (architecture) => ({ layers: [tool(compile(musl(architecture), helloProgram))] }),
  },
  {
    title: 'an addon that was compiled on another machine',
    rule: 'image/wrong-architecture',
    path: addon,
    faulty: (architecture) => withAddon(nodeApiAddon(musl(other(architecture)))),
    sound: (architecture) => withAddon(nodeApiAddon(musl(architecture))),
  },
  {
    title: 'a program whose loader is not in the image',
    rule: 'image/missing-interpreter',
    path: 'usr/local/bin/tool',
    faulty: (architecture) => ({
      layers: [
        tool(
          compile(musl(architecture), helloProgram, [
            `-Wl,--dynamic-linker=/opt/lib/ld-musl-${arch[architecture]}.so.1`,
          ]),
        ),
      ],
    }),
    sound: (architecture) => ({ layers: [tool(compile(musl(architecture), helloProgram))] }),
  },
  {
    title: 'a library that only the build stage had',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) => withAddon(linked(architecture)),
    sound: (architecture) =>
      withAddon(linked(architecture, ['-Wl,-rpath,$ORIGIN']), {
        'app/node_modules/native/build/Release/libeveryarch.so.1': shared(architecture),
      }),
  },
  {
    title: 'a library that the path file does not lead to',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) =>
      withAddon(linked(architecture), { 'opt/lib/libeveryarch.so.1': shared(architecture) }),
    sound: (architecture) =>
      withAddon(linked(architecture), {
        'opt/lib/libeveryarch.so.1': shared(architecture),
        [`etc/ld-musl-${arch[architecture]}.path`]: '/lib:/usr/lib\n/opt/lib',
      }),
  },
  {
    title: 'a library for another machine that stands in the way of the right one',
    rule: 'image/missing-library',
    path: addon,
    faulty: (architecture) => ({ layers: twoFolders(architecture, [other(architecture), architecture]) }),
    sound: (architecture) => ({ layers: twoFolders(architecture, [architecture, other(architecture)]) }),
  },
  {
    title: 'libstdc++ is gone',
    rule: 'image/missing-library',
    path: 'usr/local/bin/node',
    faulty: () => ({ layers: [{ 'usr/lib/.wh.libstdc++.so.6': '' }] }),
    sound: () => ({ layers: [] }),
  },
  {
    title: 'an addon that calls a function which Node does not have',
    rule: 'image/node-api-too-new',
    path: addon,
    faulty: (architecture) =>
      withAddon(nodeApiAddon(musl(architecture), { calls: 'node_api_from_the_future' })),
    sound: (architecture) => withAddon(nodeApiAddon(musl(architecture), { calls: 'node_api_symbol_for' })),
  },
  {
    title: 'an optional package for glibc only',
    rule: 'image/missing-prebuild',
    path: 'app/node_modules/native',
    faulty: (architecture) => withPackage(family, {}, carrier(architecture, 'glibc')),
    sound: (architecture) => withPackage(family, {}, carrier(architecture, 'musl')),
  },
]

/** The library for both machines, and the order in which the path file names their folders. */
function twoFolders(architecture: Architecture, order: readonly Architecture[]): readonly Files[] {
  const folderOf = (machine: Architecture) => `usr/lib/${arch[machine]}-linux-musl`
  return withAddon(linked(architecture), {
    ...Object.fromEntries(
      order.map((machine) => [`${folderOf(machine)}/libeveryarch.so.1`, shared(machine)]),
    ),
    [`etc/ld-musl-${arch[architecture]}.path`]: [
      ...order.map((machine) => `/${folderOf(machine)}`),
      '/usr/lib',
    ].join('\n'),
  }).layers
}

const family = {
  optionalDependencies: {
    '@native/native-linux-x64-gnu': '1.0.0',
    '@native/native-linux-x64-musl': '1.0.0',
    '@native/native-linux-arm64-gnu': '1.0.0',
    '@native/native-linux-arm64-musl': '1.0.0',
  },
}

function carrier(architecture: Architecture, libc: 'glibc' | 'musl'): Files {
  const cpu = architecture === 'amd64' ? 'x64' : 'arm64'
  const name = `@native/native-linux-${cpu}-${libc === 'glibc' ? 'gnu' : 'musl'}`
  const folder = `app/node_modules/${name}`
  return {
    [`${folder}/package.json`]: JSON.stringify({
      name,
      version: '1.0.0',
      os: ['linux'],
      cpu: [cpu],
      libc: [libc],
    }),
    [`${folder}/native.node`]: nodeApiAddon(libc === 'glibc' ? architecture : musl(architecture)),
  }
}
