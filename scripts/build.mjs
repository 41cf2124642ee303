/**
 * Makes dist/: the library as a bundle that shares chunks, and the command line as one script, program.cjs, whose compiled
 * form can be kept from run to run (src/cli/start). `--declarations` adds the library's types, which takes a few seconds more.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { licenseOf } from './license-of.mjs'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What both bundles leave outside: npm installs it. Small packages of many files are quicker bundled than read one by one. */
const external = (bundled) => Object.keys(dependencies).filter((name) => !bundled.includes(name))
const leanUndici = {
  name: 'lean-undici',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^undici$/ }, () => ({ path: join(root, 'scripts/lean-undici.mjs') })),
}
const common = {
  plugins: [leanUndici],
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  write: false,
  logLevel: 'warning',
}

const library = await build({
  ...common,
  entryPoints: { index: 'src/index.ts' },
  splitting: true,
  format: 'esm',
  external: external(['semver', 'undici']),
  // The bundled dependencies are CommonJS and ask for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  chunkNames: 'chunks/[name]-[hash]',
})
const program = await build({
  ...common,
  entryPoints: { program: 'src/cli/main.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // Left outside: what is read from disk at run time, and what only runs need that have new packages to fetch.
  external: [
    '@bokuweb/zstd-wasm',
    'cacache',
    'npm-packlist',
    'openpgp',
    'pacote',
    'xz-decompress',
    'zstddec',
  ],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // One function of what Node gives to every CommonJS module, which have no import.meta.
  banner: {
    js: "(function (exports, require, module, __filename, __dirname) { 'use strict'; const fileUrl = (path) => require('node:url').pathToFileURL(path).href, thisFile = fileUrl(__filename), resolveImport = (name) => fileUrl(require.resolve(name));",
  },
  footer: { js: '})' },
  // A script that V8 takes from its cache has no way to import: packages outside are required.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.resolve': 'resolveImport', 'import.meta.url': 'thisFile' },
})
const start = await build({ ...common, entryPoints: { cli: 'src/cli/start/start.ts' }, format: 'esm' })

if (/[^\0-\x7f]|\bimport\(/.test(program.outputFiles[0].text)) {
  throw new TypeError('program.cjs must be ASCII and must not import: see src/cli/start/code-cache.ts')
}

// Only now: sources that do not compile leave the last good build in place.
rmSync(dist, { recursive: true, force: true })
for (const { path, text } of [library, program, start].flatMap(({ outputFiles }) => outputFiles)) {
  const command = basename(path) === 'cli.js'
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, command ? `#!/usr/bin/env node\n${text}` : text, { mode: command ? 0o755 : 0o644 })
}

writeFileSync(join(dist, 'third-party-licenses.txt'), bundledPackages().map(licenseOf).join('\n'))

/** Folders of the packages whose code is in a bundle. */
function bundledPackages() {
  const inputs = [library, program].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  return [...new Set(folders)].sort().map((folder) => join(root, folder))
}

if (process.argv.includes('--declarations')) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}
