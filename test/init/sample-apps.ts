/** Projects of six kinds, each with a lockfile that its own package manager writes from the registry. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '../engines/run.ts'

interface SampleApp {
  files: Readonly<Record<string, string>>
  /** the command that writes the lockfile */
  lock: readonly [program: string, ...args: string[]]
}

const json = (value: unknown) => JSON.stringify(value, null, 2)

/** A service that is well when its dependency did on this CPU what it is for. */
const server = (imports: string, works: string) => `${imports}
import { createServer } from 'node:http'

createServer(async (request, response) => {
  const isWell = request.url === '/healthz' && (await (${works})())
  response.writeHead(isWell ? 200 : 500).end(process.arch)
}).listen(process.env.PORT ?? 8080)
process.on('SIGTERM', () => process.exit(0))
`

const npmLock = [
  'npm',
  'install',
  '--package-lock-only',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
] as const

export const sampleApps: Readonly<Record<string, SampleApp>> = {
  'plain JavaScript': {
    files: {
      'package.json': json({
        name: 'plain',
        type: 'module',
        scripts: { start: 'node server.js' },
        dependencies: { ms: '2.1.3' },
      }),
      'server.js': server("import ms from 'ms'", "() => ms('2 days') === 172800000"),
    },
    lock: npmLock,
  },
  'TypeScript, with binaries for each platform': {
    files: {
      'package.json': json({
        name: 'typed',
        type: 'module',
        scripts: { build: 'tsc', start: 'node dist/server.js' },
        dependencies: { sharp: '0.35.5' },
        devDependencies: { typescript: '5.9.3', '@types/node': '22.19.0' },
      }),
      'tsconfig.json': json({
        compilerOptions: {
          outDir: 'dist',
          rootDir: 'src',
          module: 'nodenext',
          target: 'es2022',
          types: ['node'],
          skipLibCheck: true,
        },
      }),
      'src/server.ts': server(
        "import sharp from 'sharp'",
        "async () => (await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer()).length > 50",
      ),
    },
    lock: npmLock,
  },
  'an addon from source that loads shared libraries': {
    files: {
      'package.json': json({
        name: 'native',
        type: 'module',
        scripts: { start: 'node server.js' },
        dependencies: { libpq: '1.11.0' },
      }),
      // Nothing listens there: libpq itself says so.
      'server.js': server(
        "import LibPQ from 'libpq'",
        `() => {
  try { new LibPQ().connectSync('host=127.0.0.1 port=9') } catch (error) { return /refused/.test(error.message) }
}`,
      ),
    },
    lock: npmLock,
  },
  pnpm: {
    files: {
      'package.json': json({
        name: 'strict',
        type: 'module',
        packageManager: 'pnpm@10.34.8',
        scripts: { start: 'node server.js' },
        dependencies: { '@node-rs/crc32': '1.10.6' },
      }),
      'server.js': server(
        "import { crc32 } from '@node-rs/crc32'",
        "() => crc32('pnpm') === crc32(Buffer.from('pnpm'))",
      ),
    },
    lock: ['npx', '--yes', 'pnpm@10.34.8', 'install', '--lockfile-only', '--ignore-scripts'],
  },
  'a workspace': {
    files: {
      'package.json': json({ name: 'root', private: true, workspaces: ['apps/*', 'packages/*'] }),
      'apps/api/package.json': json({
        name: '@acme/api',
        version: '1.0.0',
        type: 'module',
        scripts: { start: 'node server.js' },
        dependencies: { '@acme/core': '1.0.0' },
      }),
      'apps/api/server.js': server(
        "import { greeting } from '@acme/core'",
        "() => greeting === 'core 86400000'",
      ),
      'packages/core/package.json': json({
        name: '@acme/core',
        version: '1.0.0',
        type: 'module',
        exports: './dist/index.js',
        main: './dist/index.js',
        scripts: { build: 'node build.js' },
        dependencies: { ms: '2.1.3' },
      }),
      'packages/core/build.js':
        "import { cpSync } from 'node:fs'\ncpSync('src', 'dist', { recursive: true })\n",
      'packages/core/src/index.js': "import ms from 'ms'\nexport const greeting = `core ${ms('1 day')}`\n",
    },
    lock: npmLock,
  },
  'Next.js standalone': {
    files: {
      'package.json': json({
        name: 'site',
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '16.4.6', react: '19.2.0', 'react-dom': '19.2.0', sharp: '0.34.5' },
      }),
      'next.config.mjs':
        "export default { output: 'standalone', outputFileTracingRoot: import.meta.dirname }\n",
      'app/layout.js':
        'export default function Layout({ children }) {\n  return (<html><body>{children}</body></html>)\n}\n',
      'app/page.js': 'export default function Page() {\n  return <p>home</p>\n}\n',
      'app/healthz/route.js': `import sharp from 'sharp'

export const dynamic = 'force-dynamic'

export async function GET() {
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer()
  return new Response(process.arch, { status: picture.length > 50 ? 200 : 500 })
}
`,
      'public/robots.txt': 'User-agent: *\n',
    },
    lock: npmLock,
  },
}

/** Writes a project into a new temporary folder, lockfile included. */
export async function writeSampleApp({ files, lock }: SampleApp): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-app-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const [program, ...args] = lock
  await run(program, args, { cwd: folder })
  return folder
}
