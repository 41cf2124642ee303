import type { Rewrite } from './rewrite.ts'
export interface FetchedPackages {
  readonly index: number
  readonly write: () => void
}
export function fetchPackages(_rewrite: Rewrite): FetchedPackages[] {
  return []
}
