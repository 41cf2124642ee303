import type { BuildNeeds, Builder, SystemLibrary } from '../addon-package.ts'
import type { GypBuild } from '../gyp/gyp-build.ts'
import { libraryNamed, systemLibrary } from './system-libraries.ts'
import type { KnownPackage } from './known-packages.ts'

/** What a package's build files name. */
export type BuildFiles = Pick<GypBuild, 'cxxStandard' | 'asksFor'>

/** What compiling a package takes, from its build files and what is known of it beyond them. */
export function buildNeeds(
  builder: Builder,
  { cxxStandard, asksFor }: BuildFiles,
  known: KnownPackage | undefined,
): BuildNeeds {
  const found: SystemLibrary[] = asksFor
    .flatMap(({ by, name }) => systemLibrary(by, name) ?? [])
    .filter(({ name }) => !known?.notNeeded?.includes(name))
  const named = (known?.libraries ?? []).flatMap((name) => libraryNamed(name) ?? [])
  const libraries = new Map([...found, ...named].map((library) => [library.name, library]))
  return {
    python: builder === 'node-gyp',
    ...(cxxStandard === undefined ? {} : { cxxStandard }),
    tools: [...new Set([...toolsOf(builder, asksFor), ...(known?.tools ?? [])])],
    systemLibraries: [...libraries.values()],
  }
}

function toolsOf(builder: Builder, asksFor: BuildFiles['asksFor']): string[] {
  const tools = { 'node-gyp': [], 'cmake-js': ['cmake'], cargo: ['cargo'] }[builder]
  return asksFor.some(({ by }) => by === 'pkg-config') ? [...tools, 'pkg-config'] : tools
}
