/** What CI services tell about the commit that they build, in their documented variables. */
import type { GitFacts } from './git-facts.ts'
import { webAddress } from './web-address.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface CiService {
  /** set by this service only */
  mark: string
  revision: string
  source: (env: Environment) => string | undefined
  branch: (env: Environment) => string | undefined
  tag: (env: Environment) => string | undefined
}

const value = (name: string) => (env: Environment) => env[name] || undefined
const ref = (name: string, prefix: string) => (env: Environment) =>
  env[name]?.startsWith(prefix) ? env[name].slice(prefix.length) : undefined

const services: readonly CiService[] = [
  {
    mark: 'GITHUB_ACTIONS',
    revision: 'GITHUB_SHA',
    source: (env) =>
      env.GITHUB_REPOSITORY && `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}`,
    branch: ref('GITHUB_REF', 'refs/heads/'),
    tag: ref('GITHUB_REF', 'refs/tags/'),
  },
  {
    mark: 'GITLAB_CI',
    revision: 'CI_COMMIT_SHA',
    source: value('CI_PROJECT_URL'),
    branch: value('CI_COMMIT_BRANCH'),
    tag: value('CI_COMMIT_TAG'),
  },
  {
    mark: 'BITBUCKET_BUILD_NUMBER',
    revision: 'BITBUCKET_COMMIT',
    source: value('BITBUCKET_GIT_HTTP_ORIGIN'),
    branch: value('BITBUCKET_BRANCH'),
    tag: value('BITBUCKET_TAG'),
  },
  {
    mark: 'CIRCLECI',
    revision: 'CIRCLE_SHA1',
    source: value('CIRCLE_REPOSITORY_URL'),
    branch: value('CIRCLE_BRANCH'),
    tag: value('CIRCLE_TAG'),
  },
  {
    mark: 'TF_BUILD',
    revision: 'BUILD_SOURCEVERSION',
    source: value('BUILD_REPOSITORY_URI'),
    branch: ref('BUILD_SOURCEBRANCH', 'refs/heads/'),
    tag: ref('BUILD_SOURCEBRANCH', 'refs/tags/'),
  },
  {
    mark: 'BUILDKITE',
    revision: 'BUILDKITE_COMMIT',
    source: value('BUILDKITE_REPO'),
    branch: value('BUILDKITE_BRANCH'),
    tag: value('BUILDKITE_TAG'),
  },
  {
    mark: 'JENKINS_URL',
    revision: 'GIT_COMMIT',
    source: value('GIT_URL'),
    branch: (env) => env.GIT_BRANCH?.replace(/^origin\//, '') || undefined,
    tag: value('TAG_NAME'),
  },
]

/** The facts of the service whose mark is set; none outside of CI. */
export function ciFacts(env: Environment): GitFacts {
  const service = services.find(({ mark }) => env[mark])
  const revision = service && env[service.revision]
  if (!service || !revision || !/^[0-9a-f]{40,64}$/.test(revision)) return {}
  const source = webAddress(service.source(env) ?? '')
  const branch = service.branch(env)
  const tag = service.tag(env)
  return { revision, ...(source ? { source } : {}), ...(branch ? { branch } : {}), ...(tag ? { tag } : {}) }
}
