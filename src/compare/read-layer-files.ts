/** A layer's members with what tells two files apart: digest, owner, time, device, extended attributes. */
import { createHash } from 'node:crypto'
import type { CancelOptions, Source } from '../base/index.ts'
import type { LayerMember } from '../rootfs/index.ts'
import { decompress, readTar, type TarEntry } from '../tar/index.ts'

export interface FileIdentity {
  readonly owner: string
  /** seconds since 1970 */
  readonly time: number
  /** of a file's content */
  readonly digest?: string
  readonly device?: string
  readonly attributes?: string
}

/** Reads a layer once, as a stream. Throws `TarError` and what `content` throws. */
export async function readLayerFiles(
  content: Source,
  name: string,
  { signal }: CancelOptions,
): Promise<LayerMember<FileIdentity>[]> {
  const stream = decompress(content({ signal }), { compression: 'auto', name, signal })
  const members: LayerMember<FileIdentity>[] = []
  for await (const entry of readTar(stream, { paths: 'report', name, signal })) {
    const { path, type, mode, size, linkPath, problems } = entry
    members.push([
      path,
      type,
      mode,
      size,
      {
        ...(linkPath === undefined ? {} : { link: linkPath }),
        ...(problems.length > 0 ? { problems } : {}),
        content: await identityOf(entry),
      },
    ])
  }
  return members
}

async function identityOf(entry: TarEntry): Promise<FileIdentity> {
  const { uid, gid, mtime, type, devmajor, devminor, xattrs } = entry
  const isDevice = type === 'character-device' || type === 'block-device'
  return {
    owner: `${uid}:${gid}`,
    time: Math.floor(mtime),
    ...(type === 'file' ? { digest: await digestOfBody(entry) } : {}),
    ...(isDevice ? { device: `${devmajor ?? 0}:${devminor ?? 0}` } : {}),
    ...(xattrs && xattrs.size > 0 ? { attributes: attributesText(xattrs) } : {}),
  }
}

async function digestOfBody({ body }: TarEntry): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}

function attributesText(attributes: ReadonlyMap<string, Uint8Array>): string {
  return [...attributes]
    .map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`)
    .sort()
    .join(' ')
}
