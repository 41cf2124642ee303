/** Installed packages that only an application's development dependencies ask for. */
import type { NpmPackage, NpmPackages } from './npm-packages.ts'

export function developmentPackages(application: NpmPackage, packages: NpmPackages): NpmPackage[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = application.manifest
  const needed = reach(
    application,
    { ...dependencies, ...optionalDependencies, ...peerDependencies },
    packages,
  )
  const development = reach(application, { ...devDependencies }, packages)
  return [...development].filter((item) => !needed.has(item))
}

function reach(
  application: NpmPackage,
  first: Record<string, string>,
  packages: NpmPackages,
): Set<NpmPackage> {
  const reached = new Set<NpmPackage>()
  const waiting: { from: NpmPackage; names: string[] }[] = [{ from: application, names: Object.keys(first) }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const name of next.names) {
      const item = packages.resolve(name, next.from.folder)
      if (item === undefined || reached.has(item) || item === application) continue
      reached.add(item)
      const { dependencies, optionalDependencies, peerDependencies } = item.manifest
      waiting.push({
        from: item,
        names: Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
      })
    }
  }
  return reached
}
