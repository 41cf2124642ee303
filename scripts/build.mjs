/**
 * Makes dist/: the command line and the library as bundles that share chunks, so that a command loads only what it needs.
 * Dependencies stay outside, npm installs them; but those that nearly every command loads, and that consist of many small
 * files, are bundled too: reading undici's hundred files takes longer than an unchanged build. `--declarations` adds the
 * library's types, which takes a few seconds more.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { licenseOf } from './license-of.mjs'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const bundled = ['commander', 'semver', 'undici']

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
  // The bundled dependencies are CommonJS and ask for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  chunkNames: 'chunks/[name]-[hash]',
  write: false,
  logLevel: 'warning',
})

// Only now: sources that do not compile leave the last good build in place.
rmSync(dist, { recursive: true, force: true })
for (const { path, text } of outputFiles) {
  const command = basename(path) === 'cli.js'
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, command ? `#!/usr/bin/env node\n${text}` : text, { mode: command ? 0o755 : 0o644 })
}

writeFileSync(
  join(dist, 'third-party-licenses.txt'),
  bundled.map((name) => licenseOf(join(root, 'node_modules', name))).join('\n'),
)

if (process.argv.includes('--declarations')) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}
