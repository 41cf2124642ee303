import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { options } from '../fixtures/test-archive.ts'
import type { HttpAnswer } from '../ports.ts'
import { openMirror } from './mirror.ts'

type Answer =
  | number
  | Error
  | { status: number; headers?: Record<string, string>; body?: string; breaks?: boolean }

/** A mirror whose server gives these answers one after the other, and what it was asked. */
function scripted(...answers: Answer[]) {
  const asked: { url: string; headers: Record<string, string> }[] = []
  const mirror = openMirror(async (url, { headers }) => {
    asked.push({ url, headers })
    const answer = answers.shift()
    if (answer === undefined) throw new TypeError('asked too often')
    if (answer instanceof Error) throw answer
    return toAnswer(typeof answer === 'number' ? { status: answer } : answer)
  })
  return { mirror, asked, left: answers }
}

function toAnswer({ status, headers, body, breaks }: Exclude<Answer, number | Error>): HttpAnswer {
  const stream = async function* () {
    yield Buffer.from(body ?? '')
    if (breaks) throw new TypeError('terminated')
  }
  return { status, headers: new Headers(headers), body: body === undefined ? null : stream() }
}

const url = 'http://m.example/debian/x'

describe('openMirror', () => {
  it('gives content and validators, and asks with those that are known', async () => {
    const { mirror, asked } = scripted(
      { status: 200, headers: { ETag: '"a"', 'Last-Modified': 'yesterday' }, body: 'content' },
      304,
      404,
      410,
    )
    const fetched = await mirror.fetch(url, options)
    expect(fetched).toMatchObject({ state: 'fresh', validators: { etag: '"a"', lastModified: 'yesterday' } })
    const bytes = fetched.state === 'fresh' && (await collect(fetched.body, 100, 'x'))
    expect(Buffer.from(bytes || []).toString()).toBe('content')
    const known = { etag: '"a"', lastModified: 'yesterday' }
    expect(await mirror.fetch(url, { ...options, known })).toEqual({ state: 'unchanged' })
    expect(asked[1]?.headers).toMatchObject({ 'if-none-match': '"a"', 'if-modified-since': 'yesterday' })
    expect(await mirror.fetch(url, options)).toEqual({ state: 'missing' })
    expect(await mirror.fetch(url, options)).toEqual({ state: 'missing' })
  })

  it('asks again where that helps', async () => {
    const { mirror, left } = scripted(new TypeError('reset'), 503, { status: 200, body: '' })
    expect(await mirror.fetch(url, options)).toMatchObject({ state: 'fresh' })
    expect(left).toEqual([])
  })

  it.each<[Answer[], string]>([
    [[403], 'http://m.example/debian/x: the server answered with status 403'],
    [[429, 500, 502], 'http://m.example/debian/x: the server answered with status 502'],
    [[500, 500, new TypeError('reset')], 'http://m.example/debian/x: reset'],
  ])('fails after %j', async (answers, message) => {
    const { mirror, left } = scripted(...answers)
    await expect(mirror.fetch(url, options)).rejects.toMatchObject({ code: 'DEBIAN_MIRROR_FAILED', message })
    expect(left).toEqual([])
  })

  it('says when a transfer breaks off', async () => {
    const { mirror } = scripted({ status: 200, body: 'beginning', breaks: true })
    await expect(collect(mirror.content(url)(options), 100, 'x')).rejects.toMatchObject({
      code: 'DEBIAN_MIRROR_FAILED',
      message: 'http://m.example/debian/x: the transfer broke off: terminated',
      retryable: true,
    })
  })

  it('sends credentials of a URL as a header, and shows them to nobody', async () => {
    const { mirror, asked } = scripted(403)
    const secret = 'https://user:p%40ss@m.example/x'
    const error: unknown = await mirror.fetch(secret, options).catch((reason: unknown) => reason)
    expect(asked).toMatchObject([
      {
        url: 'https://m.example/x',
        headers: { authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` },
      },
    ])
    expect(error).toMatchObject({ message: 'https://m.example/x: the server answered with status 403' })
    expect(JSON.stringify(error)).not.toContain('p%40ss')
  })

  it('does not go on when it was told to stop', async () => {
    const controller = new AbortController()
    const { mirror, left } = scripted(new TypeError('aborted'), 200)
    controller.abort()
    await expect(mirror.fetch(url, controller)).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(left.length).toBe(1)
  })

  describe('with file:', () => {
    let folder: string
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mirror-'))
    })
    afterEach(() => rm(folder, { recursive: true }))

    it('reads from disk', async () => {
      const { mirror } = scripted()
      const there = pathToFileURL(join(folder, 'file ä')).href
      await writeFile(join(folder, 'file ä'), 'content')
      expect(Buffer.from(await collect(mirror.content(there)(options), 100, 'x')).toString()).toBe('content')
      const absent = pathToFileURL(join(folder, 'absent')).href
      expect(await mirror.fetch(absent, options)).toEqual({ state: 'missing' })
      expect(await mirror.fetch(pathToFileURL(folder).href, options)).toEqual({ state: 'missing' })
      await expect(collect(mirror.content(absent)(options), 100, 'x')).rejects.toMatchObject({
        code: 'DEBIAN_MIRROR_FAILED',
      })
    })
  })
})
