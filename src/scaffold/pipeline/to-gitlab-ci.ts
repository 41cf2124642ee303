/** The GitLab pipeline: the same commands as on GitHub, on GitLab's own machines of each CPU. */
import { architectureOf } from '../dockerfile/architecture-names.ts'
import type { ProjectFacts } from '../project-facts.ts'
import { qemuImage } from './actions.ts'
import { buildCommand, keyOf, pipelineNode, publishCommand } from './commands.ts'
import { continued, indented } from './lines.ts'
import type { PipelineChoices } from './pipeline-choices.ts'
import { hostOf, registryOf } from './registry.ts'

/** Pure. The text ends with a line end. */
export function toGitlabCi(facts: ProjectFacts, choices: PipelineChoices): string {
  const { image, shape, defaultBranch } = choices
  const jobs = shape === 'split' ? splitJobs(facts, choices) : oneJob(facts, choices)
  return `# Merge requests build and test everything and push nothing; tags move last, when all is proved
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == "${defaultBranch}"
    - if: $CI_COMMIT_TAG

variables:
  IMAGE: ${image}

${login(image)}

${shape === 'direct' ? dockerless(facts) : withDocker(facts)}

${jobs.join('\n\n')}
`
}

/** Credentials go into a file that docker and everyarch read, never onto a command line. */
function login(image: string): string {
  const isOwn = registryOf(image) === 'gitlab'
  const host = hostOf(image) === 'docker.io' ? 'https://index.docker.io/v1/' : hostOf(image)
  const [user, password] = isOwn
    ? ['$CI_REGISTRY_USER', '$CI_REGISTRY_PASSWORD']
    : ['$REGISTRY_USERNAME', '$REGISTRY_PASSWORD']
  return `.login: &login
  - mkdir -p ~/.docker
  - |
    if [ "$CI_PIPELINE_SOURCE" != merge_request_event ]; then
      auth=$(printf '%s:%s' "${user}" "${password}" | base64 | tr -d '\\n')
      printf '{"auths":{"%s":{"auth":"%s"}}}' '${host}' "$auth" >~/.docker/config.json
    fi`
}

function dockerless(facts: ProjectFacts): string {
  return `.everyarch:
  image: node:${pipelineNode(facts)}-trixie
  interruptible: false
  cache:
    key: everyarch
    paths: [.cache/]
  variables:
    EVERYARCH_CACHE_DIR: $CI_PROJECT_DIR/.cache/everyarch`
}

function withDocker(facts: ProjectFacts): string {
  return `.everyarch:
  image: node:${pipelineNode(facts)}-trixie
  interruptible: false
  services:
    - name: docker:28-dind
      alias: docker
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_CERT_PATH: /certs/client
    DOCKER_TLS_VERIFY: '1'`
}

/** The docker command and buildx, which Debian 13 has and Node's image does not, and a builder that can export caches. */
const dockerCommands = `- apt-get update && apt-get install --yes --no-install-recommends docker-cli docker-buildx
- docker context create engine
- docker buildx create --name everyarch --use engine`

function oneJob(facts: ProjectFacts, choices: PipelineChoices): string[] {
  const { platforms } = facts
  const isDirect = choices.shape === 'direct'
  const foreign = [...new Set(platforms.map(architectureOf))].filter((name) => name !== 'amd64')
  const emulator = `- docker run --privileged --rm ${qemuImage} --install ${foreign.join(',')}`
  return [
    job(facts, choices, {
      // `image` itself would be taken for the setting of that name.
      id: 'build-image',
      timeout: isDirect ? '20m' : '60m',
      tag: 'saas-linux-small-amd64',
      prepare: isDirect ? [] : [dockerCommands, emulator],
      platforms,
      push: 'tags',
    }),
  ]
}

function splitJobs(facts: ProjectFacts, choices: PipelineChoices): string[] {
  const { platforms } = facts
  const builds = platforms.map((platform) =>
    job(facts, choices, {
      id: `build-${keyOf(platform)}`,
      timeout: '30m',
      tag: `saas-linux-small-${architectureOf(platform)}`,
      prepare: [dockerCommands],
      platforms: [platform],
      push: 'digest',
    }),
  )
  return [
    ...builds,
    `publish:
  extends: .everyarch
  timeout: 15m
  resource_group: image
  needs: [${platforms.map((platform) => `build-${keyOf(platform)}`).join(', ')}]
  rules:
    - if: $CI_PIPELINE_SOURCE != "merge_request_event"
  before_script:
    - *login
  script:
    - |
${indented(continued(publishCommand(facts, choices)), 6)}`,
  ]
}

interface BuildJob {
  id: string
  timeout: string
  tag: string
  prepare: readonly string[]
  platforms: readonly string[]
  push: 'tags' | 'digest'
}

function job(
  facts: ProjectFacts,
  choices: PipelineChoices,
  { id, timeout, tag, prepare, platforms, push }: BuildJob,
): string {
  const test = continued(buildCommand(facts, choices, { platforms, push: 'nothing' }))
  const publish = continued(buildCommand(facts, choices, { platforms, push }))
  return [
    `${id}:
  extends: .everyarch
  tags: [${tag}]
  timeout: ${timeout}`,
    ...(push === 'tags' ? ['  resource_group: image'] : []),
    `  before_script:
    - *login`,
    ...prepare.map((lines) => indented(lines, 4)),
    `  script:
    - |
      if [ "$CI_PIPELINE_SOURCE" = merge_request_event ]; then
${indented(test, 8)}
      else
${indented(publish, 8)}
      fi`,
    ...(push === 'digest'
      ? [`  artifacts:\n    paths: [digest-${keyOf(platforms[0] as string)}.json]\n    expire_in: 1 day`]
      : []),
  ].join('\n')
}
