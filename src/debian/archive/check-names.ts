import { DebianError } from '../debian-error.ts'

/** Names become parts of URLs and of paths. Throws `DebianError` for what is no name of a suite or of a package. */
export function checkNames({ suite, packages = [] }: { suite: string; packages?: readonly string[] }): void {
  const isSuite = /^[a-z][a-z0-9-]*$/.test(suite)
  const wrong = isSuite ? packages.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name)) : undefined
  if (isSuite && wrong === undefined) return
  const [code, what, name] = isSuite
    ? (['DEBIAN_PACKAGE_NOT_FOUND', 'the name of a Debian package', wrong] as const)
    : (['DEBIAN_SUITE_NOT_FOUND', 'the name of a suite of Debian', suite] as const)
  throw new DebianError(code, `${JSON.stringify(name)} is not ${what}`, {
    kind: 'usage',
    hint: isSuite
      ? 'a package is a name alone, such as tzdata'
      : 'a suite is a codename, such as bookworm or trixie',
  })
}
