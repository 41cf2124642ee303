/** Deploy manifests: which images run on which architecture. Kubernetes workloads, ECS task definitions, SAM functions. */
import { entriesAt, listAt, mapAt, scalarAt, textOf, valueAt } from './yaml-access.ts'
import type { YamlNode, YamlScalar } from './yaml-tree.ts'

export interface Deployment {
  /** what it is, for messages: `Deployment shop`, `task definition shop` */
  readonly name: string
  readonly images: readonly YamlScalar[]
  /** the architectures that it is bound to, in the words of an OCI platform; empty when it is not bound */
  readonly architectures: readonly { architecture: string; node: YamlScalar }[]
}

export function toDeployments(document: YamlNode | undefined): Deployment[] {
  if (textOf(document, 'apiVersion') !== undefined && textOf(document, 'kind') !== undefined) {
    return kubernetesDeployments(document)
  }
  if (listAt(document, 'containerDefinitions')) return [taskDefinition(document)]
  return samFunctions(document)
}

function kubernetesDeployments(document: YamlNode | undefined): Deployment[] {
  if (textOf(document, 'kind') === 'List')
    return (listAt(document, 'items')?.items ?? []).flatMap(toDeployments)
  const pod = podSpecOf(document)
  if (!pod) return []
  const containers = ['initContainers', 'containers'].flatMap((key) => listAt(pod, key)?.items ?? [])
  return [
    {
      name: `${textOf(document, 'kind')} ${textOf(document, 'metadata', 'name') ?? ''}`.trim(),
      images: containers.flatMap((container) => scalarAt(container, 'image') ?? []),
      architectures: [...selectorArchitectures(pod), ...affinityArchitectures(pod)].map((node) => ({
        architecture: node.text,
        node,
      })),
    },
  ]
}

function podSpecOf(document: YamlNode | undefined): YamlNode | undefined {
  const paths = [['spec', 'jobTemplate', 'spec', 'template', 'spec'], ['spec', 'template', 'spec'], ['spec']]
  return paths
    .map((path) => valueAt(document, ...path))
    .find((spec) => listAt(spec, 'containers') !== undefined)
}

const architectureLabels = ['kubernetes.io/arch', 'beta.kubernetes.io/arch']

function selectorArchitectures(pod: YamlNode): YamlScalar[] {
  return architectureLabels.flatMap((label) => scalarAt(pod, 'nodeSelector', label) ?? [])
}

/** Only what is required; a preference binds nothing. */
function affinityArchitectures(pod: YamlNode): YamlScalar[] {
  const required = mapAt(pod, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
  return (listAt(required, 'nodeSelectorTerms')?.items ?? [])
    .flatMap((term) => listAt(term, 'matchExpressions')?.items ?? [])
    .filter(
      (term) => architectureLabels.includes(textOf(term, 'key') ?? '') && textOf(term, 'operator') === 'In',
    )
    .flatMap((term) => listAt(term, 'values')?.items ?? [])
    .filter((value) => value.kind === 'scalar')
}

function taskDefinition(document: YamlNode | undefined): Deployment {
  const containers = listAt(document, 'containerDefinitions')?.items ?? []
  const cpu = scalarAt(document, 'runtimePlatform', 'cpuArchitecture')
  // Without runtimePlatform a task runs on X86_64, but then nobody decided so: nothing is bound.
  const architectures = cpu ? [{ architecture: amazonArchitecture(cpu.text), node: cpu }] : []
  return {
    name: `task definition ${textOf(document, 'family') ?? ''}`.trim(),
    images: containers.flatMap((container) => scalarAt(container, 'image') ?? []),
    architectures,
  }
}

function samFunctions(document: YamlNode | undefined): Deployment[] {
  return entriesAt(document, 'Resources').flatMap(({ key, value }) => {
    if (textOf(value, 'Properties', 'PackageType') !== 'Image') return []
    const image = scalarAt(value, 'Properties', 'ImageUri')
    const bound =
      listAt(value, 'Properties', 'Architectures')?.items.filter((item) => item.kind === 'scalar') ?? []
    const architectures = bound.map((node) => ({ architecture: amazonArchitecture(node.text), node }))
    return [{ name: `function ${key}`, images: image ? [image] : [], architectures }]
  })
}

function amazonArchitecture(name: string): string {
  return { X86_64: 'amd64', ARM64: 'arm64' }[name.toUpperCase()] ?? name
}
