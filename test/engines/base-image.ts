/**
 * A base image in the manner of `node:22-slim` for two platforms, made without any container registry: Debian 12 unpacked
 * by mmdebstrap, Node from the npm packages that carry its executable, and npm. Nothing of it is run while it is made.
 */
import { chmod, copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, recipeHash } from './cache.ts'
import { debianFolder } from './debian.ts'
import { addLayer, type Layer, type LayoutImage, writeLayout } from './image-layout.ts'
import { type NodeArchitecture, newestNode, unpackPackage } from './node.ts'
import type { Registry } from './registry.ts'
import { copyImage } from './skopeo.ts'

/** Debian's (and OCI's) names of the architectures, and Node's. */
const architectures = { amd64: 'x64', arm64: 'arm64' } as const satisfies Record<string, NodeArchitecture>
type Architecture = keyof typeof architectures

const nodeMajor = 22
const hook = join(import.meta.dirname, 'unconfigured-root.sh')
const certificates = '/etc/ssl/certs/ca-certificates.crt'

/** The image as an OCI layout: `oci:FOLDER:22-slim`, from the cache or made now (about 40 s). Needs root. */
export async function nodeBaseImage(): Promise<string> {
  const ownCertificates = await machineCertificates()
  const recipe = recipeHash(await readFile(import.meta.filename), await readFile(hook), ownCertificates ?? '')
  const layout = await cached(`base-node-${nodeMajor}-${recipe}`, async (folder) => {
    const version = await newestNode(nodeMajor, Object.values(architectures))
    const images: LayoutImage[] = []
    for (const architecture of Object.keys(architectures) as Architecture[]) {
      const layers = [
        await addLayer(folder, await debianRoot(architecture)),
        await nodeLayer(folder, architecture, version, ownCertificates),
      ]
      images.push({ architecture, layers, config: { Env: environment(version), Cmd: ['node'] } })
    }
    await writeLayout(folder, `${nodeMajor}-slim`, images)
  })
  return `oci:${layout}:${nodeMajor}-slim`
}

/** Puts the image into a registry and returns its reference there: `127.0.0.1:PORT/node:22-slim`. */
export async function pushNodeBaseImage(registry: Registry): Promise<string> {
  const reference = `${registry.host}/node:${nodeMajor}-slim`
  await copyImage(await nodeBaseImage(), `docker://${reference}`)
  return reference
}

/** A machine behind a proxy that signs connections anew needs its own certificates inside images as well. */
async function machineCertificates(): Promise<Buffer | undefined> {
  const file = process.env.NODE_EXTRA_CA_CERTS
  return file ? readFile(file) : undefined
}

async function debianRoot(architecture: Architecture): Promise<string> {
  return debianFolder({
    suite: 'bookworm',
    architecture,
    packages: [
      '?essential',
      '?priority(required)',
      'apt',
      'ca-certificates',
      'netbase',
      'tzdata',
      'libstdc++6',
    ],
    options: ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr', `--extract-hook=${hook}`],
    recipe: await readFile(hook, 'utf8'),
  })
}

async function nodeLayer(
  folder: string,
  architecture: Architecture,
  version: string,
  ownCertificates: Buffer | undefined,
): Promise<Layer> {
  const root = join(folder, `node-${architecture}`)
  const unpacked = join(folder, 'unpacked')
  const modules = join(root, 'usr/local/lib/node_modules')
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await unpackPackage(`node-linux-${architectures[architecture]}@${version}`, unpacked)
  await copyFile(join(unpacked, 'bin/node'), join(root, 'usr/local/bin/node'))
  await chmod(join(root, 'usr/local/bin/node'), 0o755)
  // Headers come with the official images, slim ones too: addons are compiled against them.
  await cp(join(unpacked, 'include'), join(root, 'usr/local/include'), { recursive: true })
  await unpackPackage('npm@10', join(modules, 'npm'))
  for (const program of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${program}-cli.js`, join(root, 'usr/local/bin', program))
  }
  if (ownCertificates) {
    await mkdir(join(root, 'etc/ssl/certs'), { recursive: true })
    await writeFile(join(root, certificates), ownCertificates)
  }
  const layer = await addLayer(folder, root)
  await rm(root, { recursive: true })
  await rm(unpacked, { recursive: true })
  return layer
}

function environment(nodeVersion: string): string[] {
  return [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `NODE_VERSION=${nodeVersion}`,
    ...(process.env.NODE_EXTRA_CA_CERTS ? [`NODE_EXTRA_CA_CERTS=${certificates}`] : []),
  ]
}
