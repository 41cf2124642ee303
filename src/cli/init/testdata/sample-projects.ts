/** Small projects of each kind, as files: enough for `init` to see what they are, without a network. */

type Files = Readonly<Record<string, string>>

const json = (value: unknown) => JSON.stringify(value, null, 2)

interface Entry {
  version: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  hasInstallScript?: boolean
  optionalDependencies?: Record<string, string>
}

/** A package-lock.json of these packages. */
function npmLock(root: object, packages: Readonly<Record<string, Entry | object>>): string {
  return json({ name: 'sample', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': root, ...packages } })
}

const typescript = { devDependencies: { typescript: '^5.9.3' } }
const tsconfig = json({ compilerOptions: { outDir: 'dist', rootDir: 'src' } })
const server = `import { createServer } from 'node:http'
createServer((request, response) => response.end(request.url === '/healthz' ? 'ok' : '')).listen(process.env.PORT ?? 8080)
process.on('SIGTERM', () => process.exit(0))
`

export const sampleProjects: Readonly<Record<string, Files>> = {
  'plain JavaScript': {
    'package.json': json({ name: 'plain', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' } }),
    'server.js': server,
  },
  TypeScript: {
    'package.json': json({
      name: '@acme/Shop',
      version: '1.0.0',
      type: 'module',
      engines: { node: '>=22' },
      scripts: { build: 'tsc', start: 'node dist/server.js' },
      ...typescript,
    }),
    'package-lock.json': npmLock(typescript, { 'node_modules/typescript': { version: '5.9.3', dev: true } }),
    'tsconfig.json': tsconfig,
    'src/server.ts': server,
    'public/index.html': '<!doctype html>',
  },
  'pnpm, an addon known by name': {
    'package.json': json({
      name: 'pager',
      packageManager: 'pnpm@10.20.0',
      scripts: { start: 'node index.js' },
      dependencies: { 'better-sqlite3': '^12.2.0', fastify: '^5.0.0' },
    }),
    'pnpm-lock.yaml': `lockfileVersion: '9.0'

packages:

  better-sqlite3@12.2.0:
    resolution: {integrity: sha512-eGbYq2CT+tos1fBwLQ/tkBt9J5M3JEHjku4hbvQUePCckkvVf14xWj+1m7dGoK81M/fOjFT7yM9UMeKT/+vFLQ==}
`,
    'index.js': "require('fastify')().listen({ port: 4000 })\n",
  },
  'an npm workspace': {
    'package.json': json({ name: 'root', private: true, workspaces: ['apps/*', 'packages/*'] }),
    'package-lock.json': npmLock(
      { name: 'root', workspaces: ['apps/*', 'packages/*'] },
      {
        'node_modules/@acme/api': { resolved: 'apps/api', link: true },
        'node_modules/@acme/core': { resolved: 'packages/core', link: true },
        'apps/api': { version: '1.0.0', dependencies: { '@acme/core': '*' } },
        'packages/core': { version: '1.0.0' },
      },
    ),
    'apps/api/package.json': json({
      name: '@acme/api',
      version: '1.0.0',
      scripts: { start: 'node server.js' },
      dependencies: { '@acme/core': '*' },
    }),
    'apps/api/server.js': server,
    'packages/core/package.json': json({ name: '@acme/core', version: '1.0.0', main: 'index.js' }),
    'packages/core/index.js': 'module.exports = 1\n',
  },
  'a pnpm workspace': {
    'package.json': json({ name: 'root', private: true }),
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    'apps/web/package.json': json({
      name: 'web',
      type: 'module',
      scripts: { build: 'vite build', start: 'node server.js' },
      devDependencies: { vite: '^7.0.0' },
    }),
    'apps/web/server.js': server,
  },
  'Next.js standalone': {
    'package.json': json({
      name: 'site',
      scripts: { build: 'next build', start: 'next start' },
      dependencies: { next: '^16.0.0' },
    }),
    'yarn.lock': '# yarn lockfile v1\n\nnext@^16.0.0:\n  version "16.0.0"\n',
    'next.config.mjs': "export default { output: 'standalone' }\n",
    'public/robots.txt': 'User-agent: *\n',
  },
  'yarn berry, a token in .npmrc': {
    'package.json': json({
      name: 'berry',
      packageManager: 'yarn@4.9.1',
      scripts: { start: 'node index.js' },
      dependencies: { express: '^5.0.0' },
    }),
    'yarn.lock': '__metadata:\n  version: 8\n\n"express@npm:^5.0.0":\n  version: 5.0.0\n',
    '.npmrc': '//npm.example.com/:_authToken=abc\n',
    'index.js': '\n',
  },
  'Bun, a variable in .npmrc': {
    'package.json': json({
      name: 'bunny',
      scripts: { start: 'node index.js' },
      dependencies: { koa: '^3.0.0' },
    }),
    'bun.lock': '{\n  "packages": {\n    "koa": ["koa@3.0.0", "", {}, "sha512-x"],\n  }\n}\n',
    '.npmrc': '//npm.example.com/:_authToken=${NPM_TOKEN}\n',
    'index.js': '\n',
  },
}
