/**
 * A lockfile as a value: every package that npm decided on, by its location. Other formats than package-lock.json would be
 * read into the same values.
 */

/** One entry of a lockfile: a package at a place of the tree. */
export interface LockedPackage {
  /** relative to the project's root, with `/`: `node_modules/a/node_modules/@s/b`, or a workspace's folder `packages/api` */
  readonly location: string
  /** the name in the package's own package.json: of an alias, the name of what it stands for */
  readonly name: string
  readonly version?: string
  /** where it came from when the lock was made; for a link, the folder that it points at, relative to the root */
  readonly resolved?: string
  /** subresource integrity, possibly of several hashes */
  readonly integrity?: string
  /** a symbolic link to `target` (a workspace or a `file:` folder) instead of a package of its own */
  readonly link: boolean
  /** the location that a link points at */
  readonly target?: string
  /** only development needs it */
  readonly dev: boolean
  /** only optional dependencies need it */
  readonly optional: boolean
  /** only development and, apart from that, only optional dependencies need it */
  readonly devOptional: boolean
  /** only peer dependencies need it */
  readonly peer: boolean
  /** nothing needs it */
  readonly extraneous: boolean
  /** the project or one of its workspaces asks for it, not only other packages */
  readonly direct: boolean
  /** it comes inside the tarball of a package above it */
  readonly inBundle: boolean
  readonly hasInstallScript: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly engines: Readonly<Record<string, string>>
  /** command → path inside the package, normalised as npm does */
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  /** names of the peer dependencies that `peerDependenciesMeta` calls optional */
  readonly optionalPeers: ReadonlySet<string>
  readonly bundleDependencies: readonly string[]
}

export interface PackageLock {
  /** the file as messages name it, relative to the project's root */
  readonly file: string
  readonly lockfileVersion: 2 | 3
  /** the entry `''`: the project itself, as it was when the lock was made */
  readonly root: LockedPackage
  /** folders of the workspaces, sorted */
  readonly workspaces: readonly string[]
  /** every entry but the root's, by location */
  readonly packages: ReadonlyMap<string, LockedPackage>
}
