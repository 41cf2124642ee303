/**
 * Images that are well formed and do not work. Everything that a service can do wrong is in one image, which a variable tells what
 * to be: so each runner unpacks it once. What is wrong with an image itself needs no Node, and is small.
 */
import type { RunConfig } from '../../src/oci/index.ts'
import type { CommandProbe, Probe, StartProbe } from '../../src/smoke/index.ts'
import { compile, nodeApiAddon } from '../verify/compile.ts'
import type { Files } from '../verify/image.ts'

const port = 18_437

/** What has to be found. */
export interface Verdict {
  title: string
  probe: Probe
  /** code and words of the cause; absent when nothing is wrong */
  cause?: string
  says?: RegExp
  /** asked on every runner, not only on one of each kind */
  everywhere?: boolean
  /** runners that cannot know it */
  except?: readonly string[]
}

const sound = `const server = require('node:http').createServer((_, answer) => answer.end('fine')).listen(${port})
process.on('SIGTERM', () => server.close())
setInterval(() => server.closeAllConnections(), 500).unref()\n`

const services: Record<string, string> = {
  sound,
  exits: '',
  silent: 'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))',
  elsewhere: sound.replace(`${port}`, '18438'),
  loopback: sound.replace(`${port}`, `${port}, '127.0.0.1'`),
  crashes: 'setTimeout(() => { throw new TypeError("no database") }, 2000)',
  answersAndCrashes: `${sound}setTimeout(() => { throw new TypeError("no database") }, 2000)`,
  deaf: sound.replace(/process\.on.*/, ''),
  unhealthy: sound.replace("answer.end('fine')", "answer.writeHead(503).end('no')"),
  needsVariable: 'if (!process.env.DATABASE_URL) throw new RangeError("DATABASE_URL is not set")',
  leaks: 'const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length))',
  forksAway: `require('node:child_process').spawn('node', [__dirname + '/sound.js'], { detached: true, stdio: 'ignore' }).unref()`,
  loud: `const line = 'x'.repeat(999) + '\\n'
    let lines = 0
    const more = () => { while (lines++ < 50000) if (!process.stdout.write(line)) return process.stdout.once('drain', more)
      require('./sound.js') }
    more()`,
  writes: `require('node:fs').writeFileSync('/app/state', ''); ${sound}`,
}

/** Whatever is asked of an image that does not come to answer. */
export const anything: StartProbe = { type: 'start', ready: [{ type: 'tcp', port }], timeout: 60_000 }

const start = (service: string, more: Partial<StartProbe> = {}): StartProbe => ({
  type: 'start',
  ready: [{ type: 'http', port, path: '/' }],
  env: { SERVICE: service },
  timeout: 60_000,
  ...more,
})
const command = (argv: string[], more: Partial<CommandProbe> = {}): CommandProbe => ({
  type: 'command',
  argv,
  timeout: 60_000,
  ...more,
})
/** Time enough to see that a port stays closed, whatever the machine does besides. */
const brief = 5000

export const serviceConfig: RunConfig = {
  WorkingDir: '/app',
  Cmd: ['node', '/app/main.js'],
  User: '1234:1234',
  ExposedPorts: { '18438/tcp': {} },
  Healthcheck: {
    Test: ['CMD-SHELL', `node -e "fetch('http://127.0.0.1:${port}/').then(a => process.exit(a.ok ? 0 : 1))"`],
  },
}

export const serviceFiles = (): Files => ({
  app: { directory: true },
  'app/main.js': 'require(`./${process.env.SERVICE}.js`)',
  ...Object.fromEntries(Object.entries(services).map(([name, text]) => [`app/${name}.js`, text])),
  'app/needs-library': { content: needsLibrary(), mode: 0o755 },
})

function needsLibrary(): Buffer {
  const absent = compile('amd64', 'int there(void) { return 1; }', [
    '-shared',
    '-fPIC',
    '-Wl,-soname,libabsent.so.1',
  ])
  return compile('amd64', 'int there(void); int main(void) { return there(); }', [], {
    'libabsent.so.1': absent,
  })
}

export const serviceVerdicts: Verdict[] = [
  { title: 'nothing wrong with a sound service', probe: start('sound'), everywhere: true },
  {
    title: 'nothing wrong with a healthy one',
    probe: start('sound', { ready: [{ type: 'tcp', port }, { type: 'healthcheck' }] }),
    everywhere: true,
  },
  { title: 'nothing wrong with one that writes 50 MB of log', probe: start('loud') },
  {
    title: 'a server file that was not copied',
    probe: start('absent'),
    cause: 'module-missing',
    says: /\.\/absent\.js is not in the image/,
  },
  {
    title: 'a service that exits 0 at once',
    probe: start('exits'),
    cause: 'exited',
    says: /ended with exit code 0$/,
    everywhere: true,
  },
  {
    title: 'one that forks away',
    probe: start('forksAway'),
    cause: 'exited',
    says: /ended with exit code 0$/,
    everywhere: true,
  },
  {
    title: 'one that never listens',
    probe: start('silent', { timeout: brief }),
    cause: 'port-closed',
    says: /port 18437 never opened/,
  },
  {
    title: 'one that listens to another port',
    probe: start('elsewhere', { timeout: brief, ready: [{ type: 'tcp', port }] }),
    cause: 'port-closed',
    says: /never opened/,
  },
  {
    title: 'one that listens to 127.0.0.1 alone',
    probe: start('loopback', { timeout: brief }),
    cause: 'port-closed',
    says: /never opened/,
  },
  {
    title: 'one that crashes after two seconds',
    probe: start('crashes'),
    cause: 'exited',
    says: /exit code 1: TypeError: no database/,
    everywhere: true,
  },
  {
    title: 'one that answers and crashes after two seconds',
    // By then a loaded machine has long asked.
    probe: start('answersAndCrashes', { stableFor: 20_000 }),
    cause: 'exited',
    says: /exit code 1: TypeError: no database/,
  },
  {
    title: 'one that ignores SIGTERM',
    probe: start('deaf', { stopTimeout: 1500, stableFor: 0 }),
    cause: 'ignores-stop-signal',
    says: /ignores SIGTERM/,
    everywhere: true,
  },
  {
    title: 'one that answers 503',
    probe: start('unhealthy', { timeout: 2 * brief }),
    cause: 'wrong-answer',
    says: /GET :18437\/ 503, expected 200 to 399/,
  },
  {
    title: 'one with the wrong body',
    probe: start('sound', { timeout: 2 * brief, ready: [{ type: 'http', port, path: '/', body: /ok/ }] }),
    cause: 'wrong-answer',
    says: /GET :18437\/ 200, without \/ok\/ in its body/,
  },
  {
    title: 'one that its image calls unhealthy',
    probe: start('unhealthy', { timeout: 2 * brief, ready: [{ type: 'healthcheck' }] }),
    cause: 'unhealthy',
    says: /HEALTHCHECK exit code 1/,
  },
  {
    title: 'one that needs a variable',
    probe: start('needsVariable'),
    cause: 'exited',
    says: /RangeError: DATABASE_URL is not set/,
  },
  {
    title: 'one that uses up its memory',
    probe: start('leaks', { env: { SERVICE: 'leaks', NODE_OPTIONS: '--max-old-space-size=32' } }),
    cause: 'out-of-memory',
    says: /ran out of memory/,
  },
  {
    title: 'one whose user may not write',
    probe: start('writes'),
    cause: 'permission',
    says: /may not do this: open '\/app\/state'/,
  },
  {
    title: 'one that writes to a read-only root',
    probe: start('writes', { readOnly: true }),
    cause: 'read-only',
    says: /read-only: open '\/app\/state'/,
    everywhere: true,
  },
  {
    title: 'a command that hangs',
    probe: command(['node', '-e', 'setInterval(() => {}, 1000)'], { timeout: 2000 }),
    cause: 'timeout',
    says: /did not end within 2 s/,
    everywhere: true,
  },
  {
    title: 'a command with another output',
    probe: command(['node', '-v'], { output: 'v1.' }),
    cause: 'output',
    says: /does not hold "v1\."/,
  },
  {
    title: 'a command that needs a library',
    probe: command(['/app/needs-library']),
    cause: 'missing-library',
    says: /libabsent\.so\.1 is not in the image/,
  },
]

/** Addons by name, and what has to be said of each; a sound one says nothing. */
export const addonFiles = (): Files => {
  const place = (name: string) => `app/node_modules/${name}/build/Release/${name}.node`
  const crash = 'static void __attribute__((constructor)) crash(void) { __builtin_trap(); }'
  const aborts = '#include <stdlib.h>\nstatic void __attribute__((constructor)) crash(void) { abort(); }'
  return {
    [place('a-sound')]: nodeApiAddon('amd64'),
    [place('b-foreign')]: nodeApiAddon('arm64'),
    [place('c-crashing')]: nodeApiAddon('amd64', {}, [], {}, crash),
    [place('d-aborting')]: nodeApiAddon('amd64', {}, [], {}, aborts),
    [place('e-sound')]: nodeApiAddon('amd64'),
  }
}

export const addonVerdicts: Record<string, RegExp | undefined> = {
  'a-sound': undefined,
  'b-foreign': /compiled for another CPU than linux\/amd64/,
  'c-crashing': /Illegal instruction/,
  // As the first process of a container it is spared SIGABRT, and the C library ends it in another way.
  'd-aborting': /SIGABRT|Segmentation fault/,
  'e-sound': undefined,
}

/** What is wrong with an image without any Node in it. */
export interface SmallImage extends Omit<Verdict, 'probe'> {
  platform?: string
  files: () => Files
  config: RunConfig
  probe?: Probe
}

const program = (content: string | Uint8Array, mode = 0o755) => ({ content, mode })
const stays = '#include <unistd.h>\nint main(void) { for (;;) pause(); }'
const greedy = `#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }`
const illegal = { amd64: 'ud2', arm64: 'udf #0' }
const crashing = (machine: keyof typeof illegal) =>
  compile(machine, `int main(void) { __asm__("${illegal[machine]}"); }`, ['-static'])

export const smallImages: SmallImage[] = [
  {
    title: 'an entrypoint that is not there',
    files: () => ({ other: '' }),
    config: { Entrypoint: ['/start.sh'] },
    cause: 'program-missing',
    says: /\/start\.sh is not in the image/,
    everywhere: true,
  },
  {
    title: 'a script without a #! line',
    files: () => ({ start: program('echo\n') }),
    config: { Entrypoint: ['/start'] },
    cause: 'exec-format',
    says: /exec format error/,
    everywhere: true,
  },
  {
    title: 'a program of a CPU that nothing here executes',
    files: () => {
      const bytes = Buffer.from(compile('amd64', stays, ['-static']))
      bytes.writeUInt16LE(0x1234, 18)
      return { start: program(bytes) }
    },
    config: { Entrypoint: ['/start'] },
    cause: 'exec-format',
    says: /exec format error: the program is not made for linux\/amd64/,
    everywhere: true,
  },
  {
    title: 'a program that may not be executed',
    files: () => ({ start: program(compile('amd64', stays, ['-static']), 0o644) }),
    config: { Cmd: ['/start'] },
    cause: 'not-executable',
    says: /may not be executed/,
    everywhere: true,
  },
  {
    title: 'a user that does not exist',
    files: () => ({ start: program(compile('amd64', stays, ['-static'])) }),
    config: { Cmd: ['/start'], User: 'nobody-here' },
    cause: 'image-unusable|not-started',
    says: /nobody-here/,
    everywhere: true,
  },
  {
    title: 'neither entrypoint nor command',
    files: () => ({ other: '' }),
    config: {},
    cause: 'image-unusable',
    says: /neither an entrypoint nor a command/,
    everywhere: true,
  },
  {
    title: 'that there is no node to load addons with',
    files: () => ({ other: '' }),
    config: { Cmd: ['/other'] },
    probe: { type: 'addons' },
    cause: 'program-missing',
    says: /has no node on its PATH/,
    everywhere: true,
  },
  {
    title: 'an illegal instruction',
    files: () => ({ start: program(crashing('amd64')) }),
    config: { Cmd: ['/start'] },
    cause: 'crashed',
    says: /crashed: Illegal instruction \(SIGILL\)/,
  },
  {
    title: 'an illegal instruction under emulation',
    platform: 'linux/arm64',
    files: () => ({ start: program(crashing('arm64')) }),
    config: { Cmd: ['/start'] },
    cause: 'qemu-crash',
    says: /Illegal instruction under QEMU/,
    everywhere: true,
  },
  {
    title: 'a program that takes more memory than it may',
    files: () => ({ start: program(compile('amd64', greedy, ['-static'])) }),
    config: { Cmd: ['/start'] },
    probe: { ...anything, memory: 64 << 20 },
    cause: 'out-of-memory',
    says: /out of memory: the kernel ended it/,
    everywhere: true,
    // podman 4 does not hear of it from a kernel with control groups of version 1, and calls it killed.
    except: ['podman'],
  },
  {
    title: 'a health check that needs a shell, where there is none',
    files: () => ({ start: program(compile('amd64', stays, ['-static'])) }),
    config: { Cmd: ['/start'], Healthcheck: { Test: ['CMD-SHELL', 'true'] } },
    probe: { type: 'start', ready: [{ type: 'healthcheck' }], timeout: brief },
    cause: 'unhealthy',
    says: /HEALTHCHECK .*\/bin\/sh/,
    everywhere: true,
  },
  {
    title: 'a health check that is asked for and not there',
    files: () => ({ start: program(compile('amd64', stays, ['-static'])) }),
    config: { Cmd: ['/start'], Healthcheck: { Test: ['NONE'] } },
    probe: { type: 'start', ready: [{ type: 'healthcheck' }], timeout: brief },
    cause: 'no-healthcheck',
    says: /no HEALTHCHECK/,
  },
  {
    title: 'a port that is asked for, of a program that only waits',
    files: () => ({ start: program(compile('amd64', stays, ['-static'])) }),
    config: { Cmd: ['/start'] },
    probe: { type: 'start', ready: [{ type: 'log', text: 'ready' }], timeout: 1500 },
    cause: 'timeout',
    says: /"ready" was not logged within 2 s/,
  },
]
