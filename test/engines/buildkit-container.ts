/**
 * BuildKit's image, as far as buildx's `docker-container` driver needs one: Debian packages no buildkitd, and the image cannot be
 * pulled. In place of a BuildKit of its own the container bridges to one that runs already (`startRemoteBuildKit`), over the
 * same two commands by which the driver speaks to the real image: `buildctl debug workers` and `buildctl dial-stdio`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Docker } from './docker.ts'

/** The name that buildx pulls when it is told no other; it takes a local image when that fails. */
export const buildkitImage = 'moby/buildkit:buildx-stable-1'

const dockerfile = (base: string, address: string) => `FROM ${base}
COPY --chmod=755 buildkitd buildctl /usr/bin/
ENV BUILDKIT_ADDRESS=${address}
ENTRYPOINT ["/usr/bin/buildkitd"]
`

const buildkitd = '#!/bin/sh\nexec sleep infinity\n'

const buildctl = `#!/usr/local/bin/node
const { connect } = require('node:net')
const { hostname, port } = new URL(process.env.BUILDKIT_ADDRESS)
const engine = connect(Number(port), hostname)
engine.on('error', () => process.exit(1))
if (process.argv[2] === 'dial-stdio') {
  process.stdin.pipe(engine).pipe(process.stdout)
  engine.on('close', () => process.exit(0))
} else engine.on('connect', () => process.exit(0))
`

/**
 * Makes the image in an engine, on a base with Node. Builders need the driver's option `network=host`: the address is one of
 * the host's loopback.
 */
export async function makeBuildkitImage(
  docker: Docker,
  { base, address }: { base: string; address: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-buildkit-image-'))
  try {
    await writeFile(join(folder, 'Dockerfile'), dockerfile(base, address))
    await writeFile(join(folder, 'buildkitd'), buildkitd)
    await writeFile(join(folder, 'buildctl'), buildctl)
    await docker.docker(['buildx', 'build', '--builder', 'default', '--load', '--tag', buildkitImage, folder])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
