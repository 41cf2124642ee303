/** Fixtures and examples that packages ship: no program loads them. */
const folders = /(?:^|\/)(?:tests?|__tests__|fixtures?|testdata|spec|examples?|samples?)\//

/** `path` is relative to the package, so that an application's own folder does not count. */
export function isTestData(path: string): boolean {
  return folders.test(path)
}
