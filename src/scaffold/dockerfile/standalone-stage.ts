/**
 * Next's standalone output holds the packages that its trace found on the builder, machine code for the builder's CPU
 * included. That part is exchanged for the target's, package by package.
 */
import type { PackageFacts } from '../project-facts.ts'

/** The stage `standalone`; `dependencies` is the stage that has the target's node_modules. */
export function standaloneStage({ folder }: PackageFacts, dependencies: string): string {
  const output = folder === '' ? '/app' : `/app/${folder}`
  return `# Next's server with the packages that it traced; those with machine code make way for the target's
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS standalone
WORKDIR /app
COPY --from=build ${output}/.next/standalone ./
RUN --mount=type=bind,from=${dependencies},source=/app/node_modules,target=/target/node_modules node <<'EOF'
const { cpSync, existsSync, readdirSync, readFileSync, rmSync } = require('node:fs')
const manifest = /^(?:.*\\/node_modules\\/)?((?:@[^/]+\\/)?[^/@.][^/]*)\\/package\\.json$/
const filesOf = (root) => (existsSync(root) ? readdirSync(root, { recursive: true }) : [])
const packagesOf = (root, files) =>
  files.filter((file) => manifest.test(file)).map((file) => {
    const folder = file.slice(0, -'/package.json'.length)
    const inside = files.filter((other) => other.startsWith(folder + '/') && !other.slice(folder.length).includes('/node_modules/'))
    const { cpu } = JSON.parse(readFileSync(root + '/' + file, 'utf8'))
    return { folder, forOneCpu: cpu !== undefined, hasAddon: inside.some((name) => name.endsWith('.node')) }
  })
const family = (folder) => folder.replace(/(?:linuxmusl|linux|darwin|win32|freebsd|android).*/, '')
const traced = packagesOf('node_modules', filesOf('node_modules')).filter(({ forOneCpu, hasAddon }) => forOneCpu || hasAddon)
for (const { folder } of traced) rmSync('node_modules/' + folder, { recursive: true, force: true })
const families = new Set(traced.filter(({ forOneCpu }) => forOneCpu).map(({ folder }) => family(folder)))
const folders = new Set(traced.map(({ folder }) => folder))
for (const { folder, forOneCpu } of packagesOf('/target/node_modules', filesOf('/target/node_modules'))) {
  if (forOneCpu ? !families.has(family(folder)) : !folders.has(folder)) continue
  cpSync('/target/node_modules/' + folder, 'node_modules/' + folder, { recursive: true })
}
EOF`
}
