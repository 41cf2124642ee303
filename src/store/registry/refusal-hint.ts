/** What to do about a registry's refusal; the large registries each have their own way to log in and their own oddities. */
import type { Attempt } from './error-answer.ts'
import type { RegistryErrorCode } from './registry-error.ts'

export interface Refusal {
  code: RegistryErrorCode
  attempt: Attempt
  status: number
  /** the body as it came */
  text: string
}

export function refusalHint({ code, attempt, text, status }: Refusal): string | undefined {
  const { registry, repository } = attempt
  switch (code) {
    case 'REGISTRY_UNAUTHORIZED':
      return `log in first: ${loginCommand(registry)}`
    case 'REGISTRY_DENIED':
      return deniedHint(registry, repository)
    case 'REGISTRY_NOT_FOUND':
      return notFoundHint(registry, repository)
    case 'REGISTRY_RATE_LIMITED':
      return registry === 'docker.io'
        ? 'Docker Hub limits anonymous pulls: log in with `docker login`, or use a mirror'
        : 'wait a little and run again; what was stored already is not sent again'
    case 'REGISTRY_NAME_INVALID':
      return 'choose another repository name or tag: lower-case letters, digits, and . _ - between them'
    case 'REGISTRY_FULL':
      return 'free space in the registry, or raise its quota; then run again'
    case 'REGISTRY_UNAVAILABLE':
      return 'the registry is in trouble: run again later; what was stored already is not sent again'
    case 'REGISTRY_REJECTED':
      return rejectedHint(text, status)
    default:
      return undefined
  }
}

/** The command that logs in to a registry. */
export function loginCommand(registry: string): string {
  const ecr = /^\d+\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(registry)
  if (ecr)
    return `aws ecr get-login-password --region ${ecr[1]} | docker login --username AWS --password-stdin ${registry}`
  if (registry === 'public.ecr.aws')
    return 'aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin public.ecr.aws'
  if (isGoogle(registry)) return `gcloud auth configure-docker ${registry}`
  const acr = /^([a-z0-9-]+)\.azurecr\.io$/.exec(registry)
  if (acr) return `az acr login --name ${acr[1]}`
  return registry === 'docker.io' ? 'docker login' : `docker login ${registry}`
}

function deniedHint(registry: string, repository: string | undefined): string {
  const place = repository ? `${registry}/${repository}` : registry
  if (registry === 'ghcr.io')
    return `the token needs the scope write:packages (in GitHub Actions: permissions: packages: write), and ${place} must be yours`
  if (isGoogle(registry))
    return `the account needs the role Artifact Registry Writer for ${place}, and the repository must exist`
  return `check that the account you are logged in with may use ${place}; to change it: ${loginCommand(registry)}`
}

function notFoundHint(registry: string, repository: string | undefined): string | undefined {
  if (!repository) return undefined
  if (/\.dkr\.ecr/.test(registry))
    return `ECR makes no repositories by itself: aws ecr create-repository --repository-name ${repository}`
  return `check the spelling of ${registry}/${repository}; a private repository also looks like this to who is not logged in: ${loginCommand(registry)}`
}

function rejectedHint(text: string, status: number): string | undefined {
  if (/ImageTagAlreadyExists|tag .*immutable|immutable tag/i.test(text))
    return 'tags of this repository cannot be moved: choose a new tag'
  if (status === 413) return 'something between here and the registry limits the size of requests'
  return undefined
}

function isGoogle(registry: string): boolean {
  return registry === 'gcr.io' || registry.endsWith('.gcr.io') || registry.endsWith('.pkg.dev')
}
