/**
 * Makes dist/: the command line and the library as bundles that share chunks, so that a command loads only what it needs.
 * Dependencies stay outside: npm installs them. `--declarations` adds the library's types, which takes a few seconds more.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
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

if (process.argv.includes('--declarations')) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}
