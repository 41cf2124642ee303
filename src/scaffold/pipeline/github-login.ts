/** Steps that log in to a registry, with credentials that live as short as the registry allows. */
import { pinned } from './actions.ts'
import { hostOf, registryOf } from './registry.ts'

/** What a job may do beyond reading the repository, for the registry's sake. */
export function loginPermissions(image: string): string[] {
  switch (registryOf(image)) {
    case 'ghcr':
      return ['packages: write']
    case 'ecr':
    case 'gar':
    case 'acr':
      // A token of this run, which the cloud exchanges for its own.
      return ['id-token: write']
    default:
      return []
  }
}

/** What the user has to set up once, for the closing lines. */
export function loginSettings(image: string): string[] {
  switch (registryOf(image)) {
    case 'ghcr':
      return []
    case 'docker-hub':
      return ['variable DOCKERHUB_USERNAME', 'secret DOCKERHUB_TOKEN']
    case 'ecr':
      return ['variable AWS_ROLE (a role that trusts this repository and may push)', 'variable AWS_REGION']
    case 'gar':
      return ['variable GCP_WORKLOAD_IDENTITY_PROVIDER', 'variable GCP_SERVICE_ACCOUNT']
    case 'acr':
      return [
        'variables AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID of an application with AcrPush',
      ]
    default:
      return ['variable REGISTRY_USERNAME', 'secret REGISTRY_PASSWORD']
  }
}

/** What a job that only tests needs to read caches: a pull request's own token may, a cloud's role is not for it. */
export function readingPermissions(image: string): string[] {
  return registryOf(image) === 'ghcr' ? ['packages: read'] : []
}

/** Steps that let a job read, of those registries that know the run's own token. */
export function readingSteps(image: string): string[] {
  return registryOf(image) === 'ghcr' ? loginSteps(image) : []
}

/** Steps, as YAML list items. */
export function loginSteps(image: string): string[] {
  const host = hostOf(image)
  switch (registryOf(image)) {
    case 'ghcr':
      return [
        login({ registry: host, username: '${{ github.actor }}', password: '${{ secrets.GITHUB_TOKEN }}' }),
      ]
    case 'docker-hub':
      return [
        login({ username: '${{ vars.DOCKERHUB_USERNAME }}', password: '${{ secrets.DOCKERHUB_TOKEN }}' }),
      ]
    case 'ecr':
      return [
        step('awsCredentials', {
          'role-to-assume': '${{ vars.AWS_ROLE }}',
          'aws-region': '${{ vars.AWS_REGION }}',
        }),
        login({ registry: host }),
      ]
    case 'gar':
      return [
        step(
          'googleAuth',
          {
            token_format: 'access_token',
            workload_identity_provider: '${{ vars.GCP_WORKLOAD_IDENTITY_PROVIDER }}',
            service_account: '${{ vars.GCP_SERVICE_ACCOUNT }}',
          },
          'google',
        ),
        login({
          registry: host,
          username: 'oauth2accesstoken',
          password: '${{ steps.google.outputs.access_token }}',
        }),
      ]
    case 'acr':
      return [
        step('azureLogin', {
          'client-id': '${{ vars.AZURE_CLIENT_ID }}',
          'tenant-id': '${{ vars.AZURE_TENANT_ID }}',
          'subscription-id': '${{ vars.AZURE_SUBSCRIPTION_ID }}',
        }),
        `- run: az acr login --name ${host.split('.')[0]}`,
      ]
    default:
      return [
        login({
          registry: host,
          username: '${{ vars.REGISTRY_USERNAME }}',
          password: '${{ secrets.REGISTRY_PASSWORD }}',
        }),
      ]
  }
}

function login(inputs: Readonly<Record<string, string>>): string {
  return step('login', inputs)
}

function step(
  action: Parameters<typeof pinned>[0],
  inputs: Readonly<Record<string, string>>,
  id?: string,
): string {
  return [
    `- uses: ${pinned(action)}`,
    ...(id === undefined ? [] : [`  id: ${id}`]),
    '  with:',
    ...Object.entries(inputs).map(([name, value]) => `    ${name}: ${value}`),
  ].join('\n')
}
