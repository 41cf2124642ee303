/** Builds examples/thumbnailer for two platforms into out/, with nothing but Node, the npm registry and Debian's packages. */
import { spawnSync } from 'node:child_process'
import { relative, resolve } from 'node:path'
import './build.mjs'

const root = resolve(import.meta.dirname, '..')
const command = relative(process.cwd(), resolve(root, 'dist/cli.js'))
const args = ['build', 'examples/thumbnailer', '--output', 'oci:out/thumbnailer']

console.log(`$ node ${command} ${args.join(' ')}`)
const { status } = spawnSync(process.execPath, [command, ...args], { cwd: root, stdio: 'inherit' })
if (status === 0) {
  const next = [
    [`node ${command} plan examples/thumbnailer`, 'what each platform gets, and why'],
    [
      `node ${command} build YOUR/SERVICE --tag REGISTRY/NAME:TAG --push`,
      'your own service, published once it is proved',
    ],
    ['npm test', 'the whole of it, against real engines where they are installed'],
  ]
  const width = Math.max(...next.map(([what]) => what.length))
  console.log(`\ntry next\n${next.map(([what, why]) => `  ${what.padEnd(width)}  ${why}`).join('\n')}`)
}
process.exitCode = status ?? 1
