/** Credentials for registries: given by hand, or found in Docker's and podman's files and their helper programs. */
import type { CancelOptions, Secret } from '../../base/index.ts'
import type { StoreSettings } from '../settings.ts'
import { askHelper } from './credential-helper.ts'
import { type CredentialsFile, readCredentialsFile } from './credentials-file.ts'

export type Credentials =
  | { kind: 'password'; username: string; password: Secret }
  /** an OAuth2 refresh token ("identity token" in Docker's words) */
  | { kind: 'identity'; token: Secret }

/** The credentials for a registry (`host[:port]`), perhaps for one of its repositories; undefined for anonymous access. */
export type FindCredentials = (
  registry: string,
  repository: string,
  options: CancelOptions,
) => Promise<Credentials | undefined>

/**
 * Looks through the settings: what was given by hand, then each file in order. Throws `RegistryError`
 * `CREDENTIAL_FILE` and `CREDENTIAL_HELPER`. Nothing is kept: helpers hand out credentials that expire.
 */
export function credentialFinder(settings: StoreSettings): FindCredentials {
  return async (registry, repository, { signal }) => {
    const given = settings.credentials?.find((entry) => entry.registry === registry)
    if (given) return { kind: 'password', username: given.username, password: given.password }
    for (const path of settings.credentialFiles ?? []) {
      const file = await readCredentialsFile(path)
      const found = file && (await findIn(file, registry, repository, { signal }))
      if (found) return found
    }
    return undefined
  }
}

async function findIn(
  file: CredentialsFile,
  registry: string,
  repository: string,
  options: CancelOptions,
): Promise<Credentials | undefined> {
  const helper = file.helperFor(registry)
  const found = helper && (await askHelper(helper, serverName(registry), options))
  return found || file.entryFor(registry, repository)
}

/** Docker Hub is stored under the address of its first API. */
function serverName(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry
}
