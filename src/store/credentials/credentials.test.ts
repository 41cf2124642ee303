import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Secret } from '../../base/index.ts'
import { folderForTest } from '../testdata/temporary.ts'
import { type Credentials, credentialFinder } from './credentials.ts'
import { credentialsFile } from './credentials-file.ts'

const { signal } = new AbortController()
const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })

function shown(credentials: Credentials | undefined): string | undefined {
  if (!credentials) return undefined
  if (credentials.kind === 'identity') return `token ${credentials.token.reveal()}`
  return `${credentials.username}:${credentials.password.reveal()}`
}

function entry(config: object, registry: string, repository = 'acme/shop'): string | undefined {
  return shown(credentialsFile(JSON.stringify(config), 'config.json').entryFor(registry, repository))
}

describe('credentialsFile', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['ghcr.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['http://127.0.0.1:5000', '127.0.0.1:5000'],
  ])('finds the key %s for %s', (key, registry) => {
    expect(entry({ auths: { [key]: auth('jane:a:b') } }, registry)).toBe('jane:a:b')
    expect(entry({ auths: { [key]: auth('jane:x') } }, 'other.example')).toBeUndefined()
  })

  it('prefers the most specific key', () => {
    const auths = {
      'quay.io': auth('all:1'),
      'quay.io/acme': auth('team:2'),
      'quay.io/acme/shop': auth('shop:3'),
      'quay.io/acme/sho': auth('trap:4'),
    }
    expect(entry({ auths }, 'quay.io', 'acme/shop')).toBe('shop:3')
    expect(entry({ auths }, 'quay.io', 'acme/web')).toBe('team:2')
    expect(entry({ auths }, 'quay.io', 'other/web')).toBe('all:1')
  })

  it('reads identity tokens and plain names', () => {
    expect(entry({ auths: { 'a.io': { ...auth('u:p'), identitytoken: 'idt' } } }, 'a.io')).toBe('token idt')
    expect(entry({ auths: { 'a.io': { username: 'u', password: 'p' } } }, 'a.io')).toBe('u:p')
    expect(entry({ auths: { 'a.io': {} } }, 'a.io')).toBeUndefined()
    expect(entry({}, 'a.io')).toBeUndefined()
  })

  it.each(['nonsense', '{"auths":{"a.io":{"auth":"bm9jb2xvbg=="}}}'])(
    'names the file that is broken: %s',
    (text) => {
      const reading = () => credentialsFile(text, '/home/jane/config.json').entryFor('a.io', '')
      expect(reading).toThrow(expect.objectContaining({ code: 'CREDENTIAL_FILE' }))
      expect(reading).toThrow('/home/jane/config.json')
    },
  )

  it('knows the helper of a registry, and the one for all', () => {
    const file = credentialsFile(
      JSON.stringify({ credsStore: 'desktop', credHelpers: { 'gcr.io': 'gcloud', 'docker.io': 'hub' } }),
      'config.json',
    )
    expect([file.helperFor('gcr.io'), file.helperFor('ghcr.io'), file.helperFor('docker.io')]).toEqual([
      'gcloud',
      'desktop',
      'hub',
    ])
    expect(credentialsFile('{"credsStore":""}', 'config.json').helperFor('ghcr.io')).toBeUndefined()
  })
})

/** A helper program on PATH for the length of the test. */
async function helper(script: string): Promise<void> {
  const folder = await folderForTest()
  const path = join(folder, 'docker-credential-fake')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  const before = process.env.PATH
  process.env.PATH = `${folder}${delimiter}${before}`
  onTestFinished(() => {
    process.env.PATH = before
  })
}

async function found(config: object, registry = 'ghcr.io', more = {}): Promise<string | undefined> {
  const path = join(await folderForTest(), 'config.json')
  await writeFile(path, JSON.stringify(config))
  const find = credentialFinder({ credentialFiles: ['/nonexistent/config.json', path], ...more })
  return shown(await find(registry, 'acme/shop', { signal }))
}

describe('credentialFinder', () => {
  it('asks the helper for the server, by Docker Hub’s old name', async () => {
    await helper(
      `[ "$1" = get ] && read -r server; printf '{"ServerURL":"%s","Username":"u","Secret":"%s"}' x "$server"`,
    )
    const config = { credsStore: 'fake' }
    expect(await found(config)).toBe('u:ghcr.io')
    expect(await found(config, 'docker.io')).toBe('u:https://index.docker.io/v1/')
  })

  it('understands identity tokens, and a helper that has nothing', async () => {
    await helper(`cat >/dev/null; echo '{"Username":"<token>","Secret":"idt"}'`)
    expect(await found({ credHelpers: { 'ghcr.io': 'fake' } })).toBe('token idt')
    await helper(`cat >/dev/null; echo 'credentials not found in native keychain'; exit 1`)
    expect(await found({ credsStore: 'fake', auths: { 'ghcr.io': auth('jane:x') } })).toBe('jane:x')
    expect(await found({ credsStore: 'fake' })).toBeUndefined()
  })

  it.each([
    ['echo nope; exit 1', 'nope'],
    ['echo []', 'no Username'],
    ['echo "not json"', 'not JSON'],
    ['exit 3', 'code 3'],
  ])('says what is wrong with the helper: %s', async (script, message) => {
    await helper(`cat >/dev/null; ${script}`)
    const finding = found({ credsStore: 'fake' })
    await expect(finding).rejects.toMatchObject({
      code: 'CREDENTIAL_HELPER',
      message: expect.stringContaining(message),
    })
  })

  it('says that the helper is missing, and is not led astray by its name', async () => {
    await expect(found({ credsStore: 'nowhere-to-be-found' })).rejects.toMatchObject({
      code: 'CREDENTIAL_HELPER',
      hint: expect.stringContaining('docker-credential-nowhere-to-be-found'),
    })
    await expect(found({ credsStore: '../../bin/sh' })).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER' })
  })

  it('ends the helper when it is aborted', async () => {
    await helper('exec sleep 60')
    const controller = new AbortController()
    const path = join(await folderForTest(), 'config.json')
    await writeFile(path, '{"credsStore":"fake"}')
    const finding = credentialFinder({ credentialFiles: [path] })('ghcr.io', '', controller)
    setTimeout(() => controller.abort(), 50)
    await expect(finding).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  it('takes what was given by hand first, and for its registry only', async () => {
    const credentials = [{ registry: 'ghcr.io', username: 'me', password: new Secret('pat') }]
    const config = { auths: { 'ghcr.io': auth('jane:x'), 'quay.io': auth('joe:y') } }
    expect(await found(config, 'ghcr.io', { credentials })).toBe('me:pat')
    expect(await found(config, 'quay.io', { credentials })).toBe('joe:y')
    expect(await found(config, 'other.io', { credentials })).toBeUndefined()
  })
})
