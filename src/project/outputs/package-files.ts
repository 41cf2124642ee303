/** What `npm pack` would pack: npm's own rules, from npm's own package. Loaded only for packages that have `files`. */
import type { PackageJson } from '../package-json.ts'

/** Paths relative to `folder`; package.json, the main file, bin files, README and licence are always among them. */
export async function packageFiles(folder: string, packageJson: PackageJson): Promise<Set<string>> {
  const { default: packlist } = await import('npm-packlist')
  const { files, main, bin, document } = packageJson
  const browser = typeof document.browser === 'string' ? document.browser : undefined
  const paths = await packlist({
    path: folder,
    package: { files, main, bin, browser },
    isProjectRoot: true,
    // Bundled dependencies are no matter of ours: dependencies have layers of their own.
    edgesOut: new Map(),
  })
  return new Set(paths)
}
