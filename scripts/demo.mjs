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
  console.log(`
try next
  node ${command} plan examples/thumbnailer                  what each platform gets, and why
  skopeo inspect --raw oci:out/thumbnailer                 the index that was written
  node ${command} build PROJECT --tag REGISTRY/NAME:TAG --push   your own service
  node ${command} build --help`)
}
process.exitCode = status ?? 1
