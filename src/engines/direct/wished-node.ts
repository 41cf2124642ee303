import type { CancelOptions } from '../../base/index.ts'
import { chooseNode, type NodeChoice, type Project, readNodeWishes } from '../../project/index.ts'

/** What the project itself says of Node; a version named for an assembled base comes before everything else. */
export async function wishedNode(
  project: Project,
  { now, signal }: CancelOptions & { now: Date },
): Promise<NodeChoice> {
  const { app, rootPackage, root, configuration } = project
  const wishes = await readNodeWishes(
    root,
    app.folder === '' ? [rootPackage] : [app.packageJson, rootPackage],
    { signal },
  )
  const { base } = configuration
  const named =
    typeof base === 'object' && base.node !== undefined ? [{ from: 'base.node', text: base.node }] : []
  return chooseNode([...named, ...wishes], now)
}
