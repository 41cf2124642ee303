/**
 * The target's own Node as far as compiling needs it: its headers, and a program of the same version for this machine, as
 * scripts of packages ask the Node that runs them. Both come from npm's distribution of Node.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import semver from 'semver'
import { type CancelOptions, collect, type Source, throwIfAborted } from '../../base/index.ts'
import type { NpmAccess } from '../../debian/index.ts'
import { decompress, readTar } from '../../tar/index.ts'
import { AddonError } from '../addon-error.ts'
import type { AddonTask } from './addon-task.ts'
import type { AddonTools } from './addon-tools.ts'
import { keptFolder } from './kept-folder.ts'
import { distributedHeaders } from './distributed-headers.ts'

export interface NodeKit {
  /** for node-gyp's `--nodedir` */
  folder: string
  /** of the headers; the target's, or the nearest one of its major that has the same ABI */
  version: string
  /** NODE_MODULE_VERSION */
  abi: string
  /** a Node of this machine, of the target's major where one can be had */
  program: string
}

/** The version that a target's base has. Throws `AddonError` `ADDON_HEADERS_MISSING` when it does not say. */
export function nodeVersionOf({ name, platform, target }: AddonTask): string {
  if (target.nodeVersion !== undefined) return target.nodeVersion
  throw new AddonError(
    'ADDON_HEADERS_MISSING',
    `${name} cannot be compiled for ${platform}: the base image does not say which Node it has`,
    {
      kind: 'usage',
      hint: 'take a base whose configuration sets NODE_VERSION, as the official images of Node do, or let everyarch assemble one',
    },
  )
}

/** `process.arch` → the last part of the npm package of Node. */
const packageArchs: Readonly<Record<string, string>> = { arm: 'armv7l', ppc64: 'ppc64le' }

/**
 * Gets headers and program for a version of Node; `cpu` is the target's in npm's words. Throws `AddonError`
 * `ADDON_HEADERS_MISSING`, `NpmError`.
 */
export async function openNodeKit(
  { version, cpu }: { version: string; cpu: string },
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<NodeKit> {
  const { debian, cache } = tools
  const { arch, platform } = process
  // The headers differ in nothing that is compiled: any machine's will do.
  const archs = [...new Set([cpu, 'x64', 'arm64'])].map((name) => packageArchs[name] ?? name)
  const found =
    (await inRegistry(archs, version, debian.npm, { signal })) ??
    (await distributedHeaders(version, tools, { signal }))
  if (!found) throw headersMissing(version)
  const folder = await keptFolder(cache, 'node', found.key, async (empty) =>
    unpackParts(await found.open({ signal }), /^include\//, empty, found.name, { signal }),
  )
  const abi = await abiOf(folder)
  if (semver.major(version) === semver.major(process.versions.node))
    return { folder, version: found.version, abi, program: process.execPath }
  const own = platform === 'linux' ? await inRegistry([arch], version, debian.npm, { signal }) : undefined
  return { folder, version: found.version, abi, program: await programOf(own, tools, { signal }) }
}

interface FoundNode {
  name: string
  version: string
  key: string
  open(options: CancelOptions): Promise<Source>
}

async function inRegistry(
  archs: readonly string[],
  version: string,
  npm: NpmAccess,
  { signal }: CancelOptions,
): Promise<FoundNode | undefined> {
  for (const arch of archs) {
    const name = `node-linux-${arch}`
    const offer = await npm.packument(name, { signal }).catch(() => {
      throwIfAborted(signal)
      return undefined
    })
    const integrity = offer?.versions[version]?.dist.integrity
    if (integrity === undefined) continue
    return {
      name: `${name}@${version}`,
      version,
      key: integrity,
      open: (options) => npm.tarball(name, version, integrity, options),
    }
  }
  return undefined
}

/** The program of another version than ours; ours where it does not run here, or npm does not have it. */
async function programOf(
  found: FoundNode | undefined,
  { cache }: AddonTools,
  { signal }: CancelOptions,
): Promise<string> {
  if (!found) return process.execPath
  const folder = await keptFolder(cache, 'node', `program ${found.key}`, async (empty) =>
    unpackParts(await found.open({ signal }), /^bin\/node$/, empty, found.name, { signal }),
  )
  return join(folder, 'bin/node')
}

/** Larger files than any of Node's own are refused. */
const maxFileBytes = 512 << 20

async function unpackParts(
  tarball: Source,
  wanted: RegExp,
  folder: string,
  name: string,
  { signal }: CancelOptions,
): Promise<void> {
  const tar = decompress(tarball({ signal }), { compression: 'auto', name, signal })
  for await (const { path, type, body, mode } of readTar(tar, { paths: 'strict', name, signal })) {
    const inside = path.slice(path.indexOf('/') + 1)
    if (type !== 'file' || !wanted.test(inside)) continue
    const target = join(folder, inside)
    await mkdir(dirname(target), { recursive: true })
    const executable = inside.startsWith('bin/') ? 0o755 : (mode & 0o777) | 0o644
    await writeFile(target, await collect(body, maxFileBytes, inside), { mode: executable })
  }
}

async function abiOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'include/node/node_version.h'), 'utf8').catch(() => '')
  const abi = /#define NODE_MODULE_VERSION (\d+)/.exec(text)?.[1]
  if (abi !== undefined) return abi
  throw new AddonError('ADDON_HEADERS_MISSING', `the headers of Node in ${folder} are not whole`, {
    kind: 'environment',
    hint: 'remove that folder and build again',
  })
}

function headersMissing(version: string): AddonError {
  return new AddonError('ADDON_HEADERS_MISSING', `the headers of Node ${version} cannot be had`, {
    kind: 'environment',
    hint: [
      "neither npm's packages node-linux-* have this version, nor does the address that npm's setting disturl names",
      'take a base image with another patch release of Node, or set disturl in .npmrc to a mirror of nodejs.org/dist',
    ].join('\n'),
    details: { version },
  })
}
