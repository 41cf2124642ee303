/**
 * Docker's config.json and podman's auth.json (containers-auth.json(5)): one format, in which podman allows keys for a
 * namespace or a repository besides those for a whole registry.
 */
import { readFile } from 'node:fs/promises'
import { codeOf, messageOf, Secret } from '../../base/index.ts'
import { RegistryError } from '../registry/registry-error.ts'
import type { Credentials } from './credentials.ts'

export interface CredentialsFile {
  /** the suffix of the helper program (`docker-credential-SUFFIX`) that keeps this registry's credentials */
  helperFor(registry: string): string | undefined
  /** what the file itself holds */
  entryFor(registry: string, repository: string): Credentials | undefined
}

interface AuthEntry {
  auth?: unknown
  username?: unknown
  password?: unknown
  identitytoken?: unknown
}

/** Reads a file; undefined when there is none. Throws `RegistryError` `CREDENTIAL_FILE` naming it. */
export async function readCredentialsFile(path: string): Promise<CredentialsFile | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw unreadable(path, messageOf(error), error)
  }
  return credentialsFile(text, path)
}

/** The file of this text; `path` names it in errors. */
export function credentialsFile(text: string, path: string): CredentialsFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw unreadable(path, 'it is not JSON', error)
  }
  const { auths, credHelpers, credsStore } = objectOf(value)
  const entries = new Map(Object.entries(objectOf(auths)).map(([key, entry]) => [normalizedKey(key), entry]))
  const helpers = objectOf(credHelpers)
  return {
    helperFor(registry) {
      const names =
        registry === 'docker.io'
          ? ['docker.io', 'index.docker.io', 'https://index.docker.io/v1/']
          : [registry]
      const own = names.map((name) => helpers[name]).find((helper) => typeof helper === 'string')
      if (typeof own === 'string') return own
      return typeof credsStore === 'string' && credsStore !== '' ? credsStore : undefined
    },
    entryFor(registry, repository) {
      for (const key of keysFor(registry, repository)) {
        const found = credentialsOf(objectOf(entries.get(key)), path)
        if (found) return found
      }
      return undefined
    },
  }
}

/** From the most specific key to the registry itself. */
function keysFor(registry: string, repository: string): string[] {
  const segments = repository.split('/')
  const namespaces = segments.map(
    (_, index) => `${registry}/${segments.slice(0, segments.length - index).join('/')}`,
  )
  return [...namespaces, registry]
}

/** A key without scheme and API version, so that `https://index.docker.io/v1/` and `docker.io` are one. */
function normalizedKey(key: string): string {
  const bare = key
    .replace(/^https?:\/\//, '')
    .replace(/\/v[12]\/?$/, '')
    .replace(/\/+$/, '')
  return bare.replace(/^(?:index|registry-1)\.docker\.io(?=$|\/)/, 'docker.io')
}

function credentialsOf(entry: AuthEntry, path: string): Credentials | undefined {
  if (typeof entry.identitytoken === 'string' && entry.identitytoken !== '')
    return { kind: 'identity', token: new Secret(entry.identitytoken) }
  if (typeof entry.username === 'string' && typeof entry.password === 'string')
    return { kind: 'password', username: entry.username, password: new Secret(entry.password) }
  if (typeof entry.auth !== 'string' || entry.auth === '') return undefined
  const decoded = Buffer.from(entry.auth, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon <= 0) throw unreadable(path, 'an "auth" is not base64 of user:password')
  // Docker pads the decoded text with NUL bytes in some versions.
  const password = decoded.slice(colon + 1).replace(/\0+$/, '')
  return { kind: 'password', username: decoded.slice(0, colon), password: new Secret(password) }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function unreadable(path: string, why: string, cause?: unknown): RegistryError {
  return new RegistryError('CREDENTIAL_FILE', `could not read credentials from ${path}: ${why}`, {
    kind: 'environment',
    hint: 'repair the file, or log in again with `docker login`',
    cause,
  })
}
