/**
 * What the project's scripts did to node_modules, as far as it belongs into the image: files of packages that are there on
 * every platform, and generated folders that no package owns (`.prisma`). It lies over the dependency layers, in the app
 * layer, and so must be the same for all platforms: machine code never is.
 */
import { compareText, type Finding } from '../base/index.ts'

/** A file or link of a tree, with what tells whether it changed. */
export interface TreeEntry {
  /** relative to the project's root, with `/` */
  path: string
  type: 'file' | 'symlink'
  executable: boolean
  /** something that differs when the content may have changed; for a link its target */
  identity: string
}

/** What lies between two looks at a tree; each list sorted by path. */
export interface TreeChange {
  added: TreeEntry[]
  changed: TreeEntry[]
  removed: TreeEntry[]
}

/** Compares two looks at the same tree. */
export function compareTrees(before: readonly TreeEntry[], after: readonly TreeEntry[]): TreeChange {
  const old = new Map(before.map((entry) => [entry.path, entry]))
  const now = new Set(after.map(({ path }) => path))
  const sorted = (entries: TreeEntry[]) => entries.sort((a, b) => compareText(a.path, b.path))
  return {
    added: sorted(after.filter(({ path }) => !old.has(path))),
    changed: sorted(after.filter((entry) => differs(entry, old.get(entry.path)))),
    removed: sorted(before.filter(({ path }) => !now.has(path))),
  }
}

function differs(entry: TreeEntry, old: TreeEntry | undefined): boolean {
  if (old === undefined) return false
  return entry.type !== old.type || entry.identity !== old.identity || entry.executable !== old.executable
}

export interface OverlayOptions {
  /** folders of packages that are in the image on every platform: `node_modules/a/node_modules/b` */
  shared: ReadonlySet<string>
  /** folders of packages that are in the image of some platforms only, or differ between them */
  perPlatform: ReadonlySet<string>
  /** folders of all packages that were installed for the build; a folder of none of them was generated */
  installed?: ReadonlySet<string>
  /** whether a file holds machine code */
  isBinary: (path: string) => boolean
}

/** The part of a change that goes into the app layer, for all platforms. */
export interface DependencyOverlay {
  write: TreeEntry[]
  /** files of the dependency layers that are gone (whiteouts) */
  remove: string[]
  findings: Finding[]
}

/** Decides for each changed file whether it goes into the image, by the package that owns it. */
export function dependencyOverlay(change: TreeChange, options: OverlayOptions): DependencyOverlay {
  const overlay: DependencyOverlay = { write: [], remove: [], findings: [] }
  const perPlatform = new Set<string>()
  for (const [entries, isNew] of [
    [change.added, true],
    [change.changed, false],
  ] as const) {
    for (const entry of entries) {
      const owner = ownerOf(entry.path, options)
      if (owner.kind === 'perPlatform') perPlatform.add(owner.folder)
      if (owner.kind !== 'shared' && owner.kind !== 'generated') continue
      if (entry.type === 'file' && options.isBinary(entry.path)) {
        overlay.findings.push(binaryFinding(entry.path, isNew))
      } else overlay.write.push(entry)
    }
  }
  for (const { path } of change.removed) {
    const owner = ownerOf(path, options)
    if (owner.kind === 'perPlatform') perPlatform.add(owner.folder)
    if (owner.kind === 'shared') overlay.remove.push(path)
  }
  overlay.write.sort((a, b) => compareText(a.path, b.path))
  overlay.findings.push(...[...perPlatform].sort(compareText).map(perPlatformFinding))
  return overlay
}

interface Owner {
  folder: string
  kind: 'shared' | 'perPlatform' | 'development' | 'generated' | 'tool'
}

/** Folders directly in node_modules that tools keep for themselves. */
const toolFolders =
  /^\.(?:bin|cache|vite|vite-temp|vitest|turbo|package-lock\.json|modules\.yaml|yarn-integrity)$/

/** The package that a path below a node_modules belongs to, and what it is to the image. */
function ownerOf(path: string, { shared, perPlatform, installed }: OverlayOptions): Owner {
  const [folder = '', name = ''] = /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(path) ?? []
  if (toolFolders.test(name)) return { folder, kind: 'tool' }
  if (shared.has(folder)) return { folder, kind: 'shared' }
  if (perPlatform.has(folder)) return { folder, kind: 'perPlatform' }
  // Without the list of installed packages only a name that no package can have is known to be generated.
  const isGenerated = installed ? !installed.has(folder) : name.startsWith('.')
  return { folder, kind: isGenerated ? 'generated' : 'development' }
}

function binaryFinding(path: string, isNew: boolean): Finding {
  return {
    rule: 'project/script-made-binary',
    severity: isNew ? 'warning' : 'info',
    message: `${path} was left out of the image: a script of the project made it on this machine, and machine code fits one platform only`,
    ...(isNew ? { hint: 'if the service needs it, take a package that brings it for each platform' } : {}),
    details: { file: path },
  }
}

function perPlatformFinding(folder: string): Finding {
  return {
    rule: 'project/script-changed-platform-package',
    severity: 'warning',
    message: `${folder} was changed by a script of the project, but differs from platform to platform: the change is not in the image`,
    hint: 'change it where all platforms see it: in a package of its own, or in the sources',
    details: { folder },
  }
}
