import { describe, expect, it } from 'vitest'
import { fitOf, labelOf, type Target } from './platform-label.ts'

const x64: Target = { os: 'linux', cpu: 'x64', libc: 'glibc', abi: 127, nodeMajor: 22 }
const arm64: Target = { ...x64, cpu: 'arm64' }
const musl: Target = { ...x64, libc: 'musl' }
const armv7: Target = { ...x64, cpu: 'arm', armVersion: 7 }
const armv6: Target = { ...x64, cpu: 'arm', armVersion: 6 }
const fit = (path: string, target: Target) => fitOf(labelOf(path), target)

describe('fitOf', () => {
  it.each([
    // names of real packages and files, and what they are on linux x64 (glibc) with Node 22
    ['@img/sharp-linux-x64/lib/sharp-linux-x64.node', 'ours'],
    ['@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node', 'foreign'],
    ['@img/sharp-linux-arm64/lib/sharp.node', 'foreign'],
    ['@esbuild/linux-x64/bin/esbuild', 'ours'],
    ['@esbuild/darwin-x64/bin/esbuild', 'foreign'],
    ['esbuild/bin/esbuild', 'none'],
    ['@swc/core-linux-x64-gnu/swc.linux-x64-gnu.node', 'ours'],
    ['@swc/core-linux-x64-musl/swc.linux-x64-musl.node', 'foreign'],
    ['@rollup/rollup-linux-arm-gnueabihf/rollup.node', 'foreign'],
    ['bcrypt/prebuilds/linux-x64/bcrypt.glibc.node', 'ours'],
    ['bcrypt/prebuilds/linux-x64/bcrypt.musl.node', 'foreign'],
    ['bcrypt/prebuilds/darwin-x64+arm64/bcrypt.node', 'foreign'],
    ['bcrypt/prebuilds/win32-x64/bcrypt.node', 'foreign'],
    ['classic-level/prebuilds/android-arm64/classic-level.armv8.node', 'foreign'],
    ['@datadog/pprof/prebuilds/linuxglibc-x64/dd_pprof-abi127.node', 'ours'],
    ['@datadog/pprof/prebuilds/linuxglibc-x64/dd_pprof-abi115.node', 'foreign'],
    ['zeromq/build/linux/x64/node/glibc-127-Release/addon.node', 'ours'],
    ['zeromq/build/linux/x64/node/glibc-115-Release/addon.node', 'foreign'],
    ['zeromq/build/linux/arm64/node/glibc-127-Release/addon.node', 'foreign'],
    ['@sentry/node-cpu-profiler/lib/sentry_cpu_profiler-linux-x64-glibc-127.node', 'ours'],
    ['@sentry/node-cpu-profiler/lib/sentry_cpu_profiler-linux-x64-glibc-108.node', 'foreign'],
    ['grpc/src/node/extension_binary/node-v127-linux-x64-glibc/grpc_node.node', 'ours'],
    ['grpc/src/node/extension_binary/node-v93-linux-x64-glibc/grpc_node.node', 'foreign'],
    ['deasync/bin/linux-x64-node-22/deasync.node', 'ours'],
    ['deasync/bin/linux-x64-node-20/deasync.node', 'foreign'],
    ['onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node', 'ours'],
    ['onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime_binding.node', 'foreign'],
    ['oracledb/build/Release/oracledb-6.8.0-linux-x64.node', 'ours'],
    ['oracledb/build/Release/oracledb-6.8.0-darwin-arm64.node', 'foreign'],
    ['lmdb/prebuilds/linux-x64/electron.abi113.node', 'foreign'],
    ['better-sqlite3/build/Release/better_sqlite3.node', 'none'],
    ['armor/build/Release/window.node', 'none'],
    ['usr/lib/x86_64-linux-gnu/libc.so.6', 'ours'],
    ['usr/lib/aarch64-linux-gnu/libc.so.6', 'foreign'],
    ['usr/aarch64-linux-gnu/lib/libc.so.6', 'foreign'],
    ['usr/lib/arch-test/s390x', 'foreign'],
    ['tool/bin/linux/x86/tool', 'foreign'],
  ])('%s is %s', (path, expected) => {
    expect(fit(path, x64)).toBe(expected)
  })

  it('follows the platform', () => {
    expect(fit('@img/sharp-linux-arm64/lib/sharp.node', arm64)).toBe('ours')
    expect(fit('@img/sharp-linuxmusl-x64/lib/sharp.node', musl)).toBe('ours')
    expect(fit('@swc/core-linux-x64-gnu/swc.node', musl)).toBe('foreign')
    expect(fit('@rollup/rollup-linux-arm-gnueabihf/rollup.node', armv7)).toBe('ours')
  })

  it('tells Arm versions apart', () => {
    expect(fit('x/prebuilds/linux-arm/x.armv7.node', armv7)).toBe('ours')
    expect(fit('x/prebuilds/linux-arm/x.armv7.node', armv6)).toBe('foreign')
    expect(fit('x/prebuilds/linux-arm/x.armv6.node', armv7)).toBe('ours')
  })

  it('lets everything of unknown Nodes and C libraries pass', () => {
    const unknown: Target = { os: 'linux', cpu: 'x64' }
    expect(fit('a/linux-x64-musl/x.abi93.node', unknown)).toBe('ours')
  })
})
