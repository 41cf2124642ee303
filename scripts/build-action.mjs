/**
 * Makes what the GitHub Action runs: dist/action/, or the folder that is given. It needs nothing from npm: main.js and post.js are
 * the steps, cli.js is the command line, chunks/ is shared. The same sources give the same bytes.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { build } from 'esbuild'
import { licenseOf } from './license-of.mjs'

const root = resolve(import.meta.dirname, '..')
const folder = resolve(process.argv[2] ?? join(root, 'dist/action'))

// A worker loads the one from its file, WebAssembly and all; the other is a program that compiles addons.
const external = ['@bokuweb/zstd-wasm', 'node-gyp']

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/action/main.ts',
    post: 'src/action/post.ts',
    cli: 'src/cli/start/start-bundled.ts',
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [...external, 'node-gyp/*'],
  minifySyntax: true,
  minifyWhitespace: true,
  // Bundled CommonJS asks for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  define: { __dirname: 'import.meta.dirname' },
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  write: false,
  metafile: true,
  logLevel: 'warning',
})

rmSync(folder, { recursive: true, force: true })
for (const { path, contents } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
}
const copied = withDependencies(external)
for (const path of copied) {
  // Packages inside are copied for themselves, when they are needed.
  const filter = (source) => !relative(join(root, path), source).split(sep).includes('node_modules')
  cpSync(join(root, path), join(folder, path), { recursive: true, filter })
}
// Outside of this repository's package.json the files still are modules.
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, type: 'module' }, null, 2)}\n`)
writeFileSync(join(folder, 'third-party-licenses.txt'), licences())

/** The folders of packages with everything that they depend on, relative to the root. */
function withDependencies(names, from = root, found = new Set()) {
  for (const name of names) {
    const folder = folderOf(name, from)
    if (found.has(relative(root, folder))) continue
    found.add(relative(root, folder))
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    withDependencies(Object.keys(dependencies), folder, found)
  }
  return [...found].sort(byText)
}

function byText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Where Node finds a package: in the nearest node_modules above. */
function folderOf(name, from) {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return folder
  if (from === root) throw new TypeError(`${name} is not installed`)
  return folderOf(name, dirname(from))
}

/** Of all packages that are in the bundle. */
function licences() {
  const bundled = Object.keys(metafile.inputs).flatMap((path) => {
    const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(path)
    return inside ? [inside[1]] : []
  })
  const packages = [...new Set([...bundled, ...copied])].sort(byText)
  return packages.map((path) => licenseOf(join(root, path))).join('\n')
}

const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
process.stdout.write(`action ${version}: ${(bytes / 1e6).toFixed(1)} MB in ${outputFiles.length} files\n`)
