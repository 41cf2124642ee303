/** The images of a Kubernetes document: of its containers, whatever kind of workload they are in. */
import { scalarAt, textOf, toDeployments, type YamlNode } from '../../workflow/index.ts'
import { type FoundUses, type ImageUse, platformOf } from './image-use.ts'

export function kubernetesUses(document: YamlNode): FoundUses {
  const known = toDeployments(document).flatMap(({ name, images, architectures }): ImageUse[] => {
    const platforms = architectures.flatMap(({ architecture }) => platformOf(`linux/${architecture}`) ?? [])
    return images.map((image) => ({ image: image.text, usedBy: name, platforms }))
  })
  const names = new Set(known.map(({ image }) => image))
  const others = containersBelow(document, '').filter(({ image }) => !names.has(image))
  const uses = [...known, ...others]
  return {
    uses: uses.filter(({ image }) => !isTemplate(image)),
    problems: uses
      .filter(({ image }) => isTemplate(image))
      .map(
        ({ image, usedBy }) => `${usedBy}: the image ${image} is to be filled in: render the manifest first`,
      ),
  }
}

/** Helm and its like, and shells' variables. */
function isTemplate(image: string): boolean {
  return /\{\{|\$[{(A-Z]/.test(image)
}

/** Keys of one container, where workloads of other makers have no list of them: workflows, pipelines. */
const singleContainers = new Set(['container', 'script', 'stepTemplate'])

/** Everything of a container's shape: an entry of any list that names an image. Workloads of kinds that are not built in keep it. */
function containersBelow(node: YamlNode, owner: string): ImageUse[] {
  if (node.kind === 'list') {
    return node.items.flatMap((item) => [...ownImage(item, owner), ...containersBelow(item, owner)])
  }
  if (node.kind !== 'map') return []
  const kind = textOf(node, 'kind')
  const isObject = kind !== undefined && textOf(node, 'apiVersion') !== undefined
  const name = isObject ? [kind, textOf(node, 'metadata', 'name')].filter(Boolean).join(' ') : owner
  return node.entries.flatMap(({ key, value }) => [
    ...(singleContainers.has(key) ? ownImage(value, name) : []),
    ...containersBelow(value, name),
  ])
}

function ownImage(container: YamlNode, usedBy: string): ImageUse[] {
  const image = scalarAt(container, 'image')
  return image === undefined || image.text === '' ? [] : [{ image: image.text, usedBy, platforms: [] }]
}
