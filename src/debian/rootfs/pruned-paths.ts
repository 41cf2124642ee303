/** What is left out of packages, as in Debian's own slim images: documentation and translations. Copyright files stay. */

const prunedFolders = [
  'usr/share/groff/',
  'usr/share/info/',
  'usr/share/linda/',
  'usr/share/lintian/',
  'usr/share/locale/',
  'usr/share/man/',
  'var/cache/man/',
]

/** `usr/share/doc/NAME`, the folder or a link to another package's, stays; of what is in it, `copyright` does. */
const documentation = /^usr\/share\/doc\/[^/]+\/(?!copyright$)/

/** Whether a path, relative to the root, is left out. */
export function isPruned(path: string): boolean {
  return prunedFolders.some((folder) => path.startsWith(folder)) || documentation.test(path)
}
