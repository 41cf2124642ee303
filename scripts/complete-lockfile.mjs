/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out because the registry at hand does not
 * hold them. `npm ci` refuses a lockfile without them, even where they would not be installed. What such a package is for
 * follows from its name; there is no integrity to record until the next `npm install` at a registry that has it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

const file = resolve(import.meta.dirname, '../package-lock.json')
const lockfile = JSON.parse(readFileSync(file, 'utf8'))
const { packages } = lockfile

for (const [path, { dev, optionalDependencies }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${path}/node_modules/${name}`]) continue
    packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev && { dev }), optional: true }
    console.log(`added ${name} ${version}`)
  }
}
const byPath = ([a], [b]) => a.localeCompare(b, 'en')
lockfile.packages = Object.fromEntries(Object.entries(packages).sort(byPath))
writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`)

function platformOf(name) {
  const words = name.split(/[/-]/)
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  const libc = words.flatMap((word) =>
    word.startsWith('musl') ? 'musl' : word.startsWith('gnu') ? 'glibc' : [],
  )
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && os.includes('linux') && { libc }),
    ...(os.length > 0 && { os }),
  }
}
