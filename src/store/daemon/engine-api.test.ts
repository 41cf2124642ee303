import { createServer, type RequestListener } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folderForTest } from '../testdata/temporary.ts'
import { EngineApi } from './engine-api.ts'

const { signal } = new AbortController()

async function engineThat(answers: RequestListener): Promise<EngineApi> {
  const path = join(await folderForTest(), 'docker.sock')
  const server = createServer(answers)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const engine = new EngineApi({ kind: 'socket', path }, 'test')
  onTestFinished(async () => {
    await engine.close()
    server.closeAllConnections()
    server.close()
  })
  return engine
}

async function* archive() {
  yield Buffer.from('tar')
}

describe('EngineApi', () => {
  it('finds failures in the messages of a load', async () => {
    const seen: string[] = []
    const engine = await engineThat((request, response) => {
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
      request.on('end', () => {
        response.write('{"stream":"Loading"}\n')
        response.end('{"errorDetail":{"message":"no space left"},"error":"no space left"}\n')
      })
    })
    await expect(engine.load(archive(), { signal })).rejects.toMatchObject({
      code: 'DAEMON_REFUSED',
      message: 'the Docker engine could not load the image: no space left',
    })
    expect(seen.join('')).toBe('tar')
  })

  it('tells kinds of image stores apart', async () => {
    const keeps = async (info: object) => {
      const engine = await engineThat((_request, response) => response.end(JSON.stringify(info)))
      return engine.keepsPlatforms({ signal })
    }
    expect(await keeps({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] })).toBe(true)
    expect(await keeps({ DriverStatus: [['Backing Filesystem', 'extfs']] })).toBe(false)
    expect(await keeps({})).toBe(false)
  })

  it('knows an image that is not there from a refusal', async () => {
    const save = async (status: number, message: string) => {
      const engine = await engineThat((_request, response) =>
        response.writeHead(status).end(JSON.stringify({ message })),
      )
      return engine.save('shop:1', { signal })
    }
    expect(await save(404, 'No such image: shop:1')).toBeUndefined()
    expect(await save(500, 'image "shop:1": not found')).toBeUndefined()
    await expect(save(500, 'broken')).rejects.toMatchObject({ code: 'DAEMON_REFUSED' })
  })

  it('ends the archive’s iteration when it is aborted', async () => {
    const controller = new AbortController()
    let ended = false
    const endless = async function* () {
      try {
        for (let chunk = 0; ; chunk++) {
          if (chunk === 20) controller.abort()
          yield Buffer.alloc(65_536)
        }
      } finally {
        ended = true
      }
    }
    const engine = await engineThat((request) => request.resume())
    await expect(engine.load(endless(), controller)).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(ended).toBe(true)
  })

  it('says that nobody answers', async () => {
    const folder = await folderForTest()
    const missing = new EngineApi({ kind: 'socket', path: join(folder, 'nope.sock') }, 'test')
    await expect(missing.keepsPlatforms({ signal })).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      hint: expect.stringContaining('start Docker'),
    })
    await writeFile(join(folder, 'file'), '')
    const dead = new EngineApi({ kind: 'socket', path: join(folder, 'file') }, 'test')
    await expect(dead.save('x', { signal })).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' })
  })

  it('passes on what the archive itself throws', async () => {
    const engine = await engineThat((request) => request.resume())
    const broken = async function* () {
      yield Buffer.from('x')
      throw new RangeError('disk on fire')
    }
    await expect(engine.load(broken(), { signal })).rejects.toThrow('disk on fire')
  })
})
