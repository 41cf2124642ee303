/**
 * Makes what the GitHub Action runs: dist/action/, or the folder that is given. It needs nothing from npm: main.js and post.js are
 * the steps, cli.js is the command line, chunks/ is shared. The same sources give the same bytes.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { licenseOf } from './license-of.mjs'

const root = resolve(import.meta.dirname, '..')
const folder = resolve(process.argv[2] ?? join(root, 'dist/action'))

// A worker loads it from its file, WebAssembly and all.
const copied = ['@bokuweb/zstd-wasm']

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/action/main.ts', post: 'src/action/post.ts', cli: 'src/cli/main.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: copied,
  minifySyntax: true,
  minifyWhitespace: true,
  // Bundled CommonJS asks for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  define: { __dirname: 'import.meta.dirname' },
  plugins: [{ name: 'node-gyp of the machine', setup: withoutNodeGyp }],
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
for (const name of copied) {
  cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
}
// Outside of this repository's package.json the files still are modules.
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, type: 'module' }, null, 2)}\n`)
writeFileSync(join(folder, 'third-party-licenses.txt'), licences())

/** npm's runner of scripts looks for the node-gyp that lies beside it when it is used; here scripts find the one of their PATH. */
function withoutNodeGyp({ onLoad }) {
  const search = "require.resolve('node-gyp/bin/node-gyp.js')"
  onLoad({ filter: /[\\/]@npmcli[\\/]run-script[\\/]lib[\\/]make-spawn-args\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8')
    if (!text.includes(search)) throw new TypeError(`${path} does not look for node-gyp any more: drop this`)
    return { contents: text.replace(search, "''") }
  })
}

/** Of all packages that are in the bundle. */
function licences() {
  const bundled = Object.keys(metafile.inputs).flatMap((path) => {
    const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(path)
    return inside ? [inside[1]] : []
  })
  const packages = [...new Set([...bundled, ...copied.map((name) => `node_modules/${name}`)])].sort()
  return packages.map((path) => licenseOf(join(root, path))).join('\n')
}

const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
process.stdout.write(`action ${version}: ${(bytes / 1e6).toFixed(1)} MB in ${outputFiles.length} files\n`)
