/** The routes. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import type { Logger } from 'pino'
import sharp from 'sharp'
import { samplePicture } from './sample-picture.js'
import { InvalidRequest, makeThumbnail, parseThumbnailSize } from './thumbnail.js'

const largestUpload = '20mb'

export function createApp(log: Logger): Express {
  const app = express()
  app.disable('x-powered-by')
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', arch: process.arch, node: process.version, libvips: sharp.versions.vips })
  })
  app.get('/thumbnail', (request, response) => answer(request, response, samplePicture))
  app.post('/thumbnail', express.raw({ type: 'image/*', limit: largestUpload }), (request, response) => {
    if (!Buffer.isBuffer(request.body)) throw new InvalidRequest('send the picture as the body, as image/*')
    return answer(request, response, request.body)
  })
  app.use(answerWithError(log))
  return app
}

async function answer(request: Request, response: Response, picture: Buffer): Promise<void> {
  const thumbnail = await makeThumbnail(picture, parseThumbnailSize(request.query))
  response.type('image/webp').set('cache-control', 'public, max-age=3600').send(thumbnail)
}

/** Express knows an error handler by its four parameters. */
function answerWithError(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (error instanceof InvalidRequest) {
      response.status(400).json({ error: error.message })
    } else if (isRefusedUpload(error)) {
      response.status(error.status).json({ error: error.message })
    } else {
      log.error({ error }, 'request failed')
      response.status(500).json({ error: 'internal error' })
    }
  }
}

/** What express.raw throws: too large, cut short, compressed in an unknown way. */
function isRefusedUpload(error: unknown): error is Error & { status: number } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
}
