/** Registries: how each is recognised by its host, and what a job needs to log in. */

export type RegistryKind = 'ghcr' | 'docker-hub' | 'ecr' | 'gar' | 'acr' | 'gitlab' | 'other'

const hosts: readonly (readonly [RegExp, RegistryKind])[] = [
  [/^ghcr\.io$/u, 'ghcr'],
  [/^(?:docker\.io|index\.docker\.io)$/u, 'docker-hub'],
  [/^\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?$/u, 'ecr'],
  [/^[\w-]+-docker\.pkg\.dev$/u, 'gar'],
  [/^[\w-]+\.azurecr\.io$/u, 'acr'],
  [/^registry\.gitlab\.com$/u, 'gitlab'],
]

/** The host of an image name; Docker Hub's where none is written. */
export function hostOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && /[.:]|^localhost$/u.test(first) ? first : 'docker.io'
}

export function registryOf(image: string): RegistryKind {
  const host = hostOf(image)
  return hosts.find(([pattern]) => pattern.test(host))?.[1] ?? 'other'
}

/** What an image is called in a registry when only its kind was said: parts in capitals are for the user to fill in. */
export function imageIn(kind: RegistryKind, owner: string, name: string): string {
  switch (kind) {
    case 'ghcr':
      return `ghcr.io/${owner}/${name}`
    case 'docker-hub':
      return `docker.io/${owner}/${name}`
    case 'ecr':
      return `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${name}`
    case 'gar':
      return `europe-docker.pkg.dev/my-project/${owner}/${name}`
    case 'acr':
      return `myregistry.azurecr.io/${name}`
    case 'gitlab':
      return `registry.gitlab.com/${owner}/${name}`
    default:
      return `registry.example.com/${owner}/${name}`
  }
}

/** ECR takes a cache only as an image manifest. */
export function cacheAttributes(image: string): string {
  return registryOf(image) === 'ecr' ? ',image-manifest=true,oci-mediatypes=true' : ''
}
