/** Opens a fake registry for one test, and stores that talk to it without waiting between attempts. */
import { onTestFinished } from 'vitest'
import { type Reference, parseReference } from '../../../oci/index.ts'
import type { StoreSettings } from '../../settings.ts'
import { openStores, type Stores } from '../../stores.ts'
import { Repository } from '../repository.ts'
import { FakeRegistry, type FakeRegistryOptions } from './fake-registry.ts'

export const quickRetries = { attempts: 4, first: 1, longest: 4 }

export interface OpenFake {
  fake: FakeRegistry
  stores: Stores
  /** a reference in this registry */
  reference(text: string): Reference
  repository(name: string): Repository
}

export async function openFake(options: FakeRegistryOptions = {}, settings: StoreSettings = {}): Promise<OpenFake> {
  const fake = await new FakeRegistry(options).listen()
  const stores = openStores({
    retry: quickRetries,
    ...settings,
    credentials: settings.credentials?.map((entry) => ({ ...entry, registry: fake.host })) ?? [],
  })
  onTestFinished(async () => {
    await stores.close()
    await fake.close()
  })
  return {
    fake,
    stores,
    reference: (text) => parseReference(`${fake.host}/${text}`),
    repository: (name) => new Repository(stores.registry(fake.host), name, 'pull,push'),
  }
}
