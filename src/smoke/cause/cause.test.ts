import { describe, expect, it } from 'vitest'
import { causeOfEnding, engineFaultCode, type Evidence } from './cause.ts'

const cause = (evidence: Partial<Omit<Evidence, 'ending'>> & Partial<Evidence['ending']>) => {
  const { exitCode = 1, outOfMemory = false, startFailure, ...others } = evidence
  return causeOfEnding({
    platform: 'linux/arm64',
    emulated: false,
    log: [],
    ...others,
    ending: { exitCode, outOfMemory, ...(startFailure ? { startFailure } : {}) },
  })
}

describe('causeOfEnding', () => {
  it.each<[string, string, RegExp]>([
    ['exec /app/start: exec format error', 'exec-format', /not made for linux\/arm64/],
    ["/lib/libm.so.6: version `GLIBC_2.38' not found (required by x.node)", 'libc-version', /GLIBC_2\.38/],
    ['Error loading shared library ld-linux-aarch64.so.1: No such file', 'missing-library', /musl/],
    [
      'libvips.so.42: cannot open shared object file: No such file or directory',
      'missing-library',
      /libvips\.so\.42/,
    ],
    [
      '/app/x.node: cannot open shared object file: No such file or directory',
      'wrong-addon',
      /x\.node is there/,
    ],
    ['Error: /app/x.node: invalid ELF header', 'wrong-addon', /no ELF file for linux\/arm64/],
    ['was compiled against NODE_MODULE_VERSION 115. This version of Node.js requires', 'node-abi', /115/],
    ['Error: listen EADDRINUSE: address already in use :::3000', 'port-in-use', /port 3000 is used/],
    ['bind() to 0.0.0.0:80 failed (98: Address already in use)', 'port-in-use', /is used already/],
    ["Error: EROFS: read-only file system, open '/app/x'", 'read-only', /open '\/app\/x'/],
    ["Error: EACCES: permission denied, mkdir '/data'", 'permission', /mkdir '\/data'/],
    ["Error: Cannot find module 'express'", 'module-missing', /express is not in the image/],
    [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'out-of-memory',
      /memory/,
    ],
    [
      'dependency failed to start: container everyarch-0a1b2c3d4e5f-db-1 is unhealthy',
      'dependency-failed',
      /service db .*is unhealthy/,
    ],
    [
      'Error response from daemon: pull access denied for shop-db, repository does not exist',
      'dependency-missing',
      /shop-db/,
    ],
    ['TypeError: no database', 'exited', /exit code 1: TypeError: no database/],
  ])('reads %j', (line, code, text) => {
    const found = cause({ log: ['starting', line, '    at Module._compile'] })
    expect(found).toMatchObject({ code, text: expect.stringMatching(text) })
    expect(found.hint).not.toBe('')
  })

  it.each([
    'crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied',
    'plugin type="bridge" failed (add): cni plugin bridge failed: failed to locate iptables: exec: "iptables": executable file not found in $PATH',
    'netavark: setns: IO error: Operation not permitted',
  ])('tells an engine that starts nothing from an image that does not start: %s', (startFailure) => {
    expect(cause({ startFailure }).code).toBe(engineFaultCode)
  })

  it('believes the engine before the log', () => {
    const log = ['Error: listen EADDRINUSE: address already in use :::3000']
    expect(cause({ log, outOfMemory: true, exitCode: 137 }).code).toBe('out-of-memory')
    expect(cause({ startFailure: 'no such user: shop' })).toMatchObject({
      code: 'not-started',
      text: expect.stringContaining('no such user: shop'),
    })
  })

  it("tells QEMU's crash from the program's own", () => {
    expect(cause({ exitCode: 132 })).toMatchObject({
      code: 'crashed',
      text: expect.stringContaining('SIGILL'),
    })
    expect(cause({ exitCode: 132, emulated: true }).code).toBe('qemu-crash')
    const log = ['qemu: uncaught target signal 11 (Segmentation fault) - core dumped']
    expect(cause({ log, exitCode: 1 })).toMatchObject({
      code: 'qemu-crash',
      text: expect.stringMatching(/^Segmentation fault/),
    })
  })

  it("tells the program's own end under QEMU from a crash of QEMU itself", () => {
    const aborted = 'qemu: uncaught target signal 6 (Aborted) - core dumped'
    const heap = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
    const emulated = true
    expect(cause({ log: [heap, aborted], exitCode: 134, emulated }).code).toBe('out-of-memory')
    expect(cause({ log: [aborted], exitCode: 134, emulated })).toMatchObject({
      code: 'exited',
      text: expect.stringContaining('SIGABRT'),
    })
    for (const said of [
      'QEMU internal SIGSEGV {code=MAPERR, addr=0x20}',
      "qemu-aarch64-static: ../../accel/tcg/cpu-exec.c:928: cpu_exec: Assertion `cpu == current_cpu' failed.",
      'ERROR:../../accel/tcg/translate-all.c:762:page_unlock__debug: assertion failed',
    ]) {
      expect(cause({ log: [said], exitCode: 139, emulated })).toMatchObject({
        code: 'qemu-crash',
        text: expect.stringMatching(/^QEMU itself failed/),
      })
    }
  })

  it('names what nobody here did', () => {
    expect(cause({ exitCode: 137 }).code).toBe('killed')
    expect(cause({ exitCode: 0 })).toMatchObject({
      code: 'exited',
      hint: expect.stringContaining('fork away'),
    })
  })
})
