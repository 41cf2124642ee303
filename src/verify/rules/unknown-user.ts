import type { FileTree } from '../tree/file-tree.ts'
import type { PlatformRule } from '../rule.ts'

/** The image's user or group is a name that its passwd or group file does not have. */
export const unknownUser: PlatformRule = {
  id: 'image/unknown-user',
  severity: 'error',
  *check(image) {
    const [user = '', group] = (image.config.config?.User ?? '').split(':')
    if (user !== '' && !isKnown(image.tree, user, '/etc/passwd')) {
      yield {
        path: 'etc/passwd',
        message: `has no user ${user}, which the image runs as`,
        hint: 'create the user in the final stage, or give its number: USER 1000',
        details: { user },
      }
    }
    if (group !== undefined && group !== '' && !isKnown(image.tree, group, '/etc/group')) {
      yield {
        path: 'etc/group',
        message: `has no group ${group}, which the image runs as`,
        hint: 'create the group in the final stage, or give its number: USER 1000:1000',
        details: { group },
      }
    }
  },
}

/** Numbers need no entry. */
function isKnown(tree: FileTree, name: string, file: string): boolean {
  if (/^\d+$/.test(name)) return true
  const content = tree.find(file)?.content
  return content?.kind === 'text' && content.text.split('\n').some((line) => line.startsWith(`${name}:`))
}
