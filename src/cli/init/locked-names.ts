/** Names and versions in lockfiles of other managers than npm: enough to find packages that are known by name. */
import type { PackageManager } from '../../scaffold/index.ts'

export interface LockedName {
  name: string
  version: string
}

/** What stands where in each format: the name, then the version. */
const patterns: Readonly<Record<Exclude<PackageManager, 'npm'>, RegExp>> = {
  pnpm: /^ {2}['"]?\/?((?:@[^@/\s'"]+\/)?[^@/\s'"]+)[@/](\d[^('":\s]*)/gmu,
  'yarn-classic': /^"?((?:@[^@/\s"]+\/)?[^@/\s"]+)@[^\n]*:\n {2}version "([^"]+)"/gmu,
  yarn: /^"?((?:@[^@/\s"]+\/)?[^@/\s"]+)@npm:[^\n]*:\n {2}version: "?([^"\s]+)/gmu,
  bun: /^\s+"[^"]+": \["((?:@[^@/"]+\/)?[^@/"]+)@(\d[^"]*)"/gmu,
}

/** Each name and version once. Text that is no such lockfile has none. */
export function lockedNames(text: string, manager: Exclude<PackageManager, 'npm'>): LockedName[] {
  const found = new Map<string, LockedName>()
  for (const [, name = '', version = ''] of text.replaceAll('\r\n', '\n').matchAll(patterns[manager])) {
    found.set(`${name}@${version}`, { name, version })
  }
  return [...found.values()]
}
