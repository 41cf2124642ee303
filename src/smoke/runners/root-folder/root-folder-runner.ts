import type { Runner } from '../runner.ts'
export async function rootFolderRunner(_name: string, _settings: unknown): Promise<Runner | undefined> {
  return undefined
}
