/** From a picture of any common format to a small WebP. */
import sharp from 'sharp'

/** What the client sent cannot be answered; the message is for the client. */
export class InvalidRequest extends Error {}

export interface ThumbnailSize {
  width: number
}

const largestWidth = 2000
const defaultWidth = 320

export function parseThumbnailSize(query: { width?: unknown }): ThumbnailSize {
  const width = query.width === undefined ? defaultWidth : Number(query.width)
  if (!Number.isInteger(width) || width < 1 || width > largestWidth) {
    throw new InvalidRequest(`width is a whole number from 1 to ${largestWidth}`)
  }
  return { width }
}

export async function makeThumbnail(picture: Buffer, { width }: ThumbnailSize): Promise<Buffer> {
  const image = sharp(picture)
  await image.metadata().catch(() => {
    throw new InvalidRequest('the body is not a picture of a known format')
  })
  // autoOrient: photographs say in their metadata which side is up, and the thumbnail carries no metadata
  return image.autoOrient().resize({ width, withoutEnlargement: true }).webp({ quality: 80 }).toBuffer()
}
