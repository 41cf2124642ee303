/**
 * The GitHub workflow. Pull requests build and test everything and push nothing; what is pushed was proved and started, and
 * tags move last. Expressions stand in `with`, `env` and `if` only, never inside a script.
 */
import { architectureOf } from '../dockerfile/architecture-names.ts'
import type { ProjectFacts } from '../project-facts.ts'
import { pinned, qemuImage } from './actions.ts'
import { buildCommand, keyOf, pipelineNode, publishCommand } from './commands.ts'
import { loginPermissions, loginSteps, readingPermissions, readingSteps } from './github-login.ts'
import { continued, indented } from './lines.ts'
import type { PipelineChoices } from './pipeline-choices.ts'

/** Pure. The text ends with a line end. */
export function toGithubWorkflow(facts: ProjectFacts, choices: PipelineChoices): string {
  const jobs = choices.shape === 'split' ? splitMachines(facts, choices) : oneMachine(facts, choices)
  return `name: image

on:
  push:
    branches: [${choices.defaultBranch}]
    tags: ['v*']
  pull_request:

# What a job needs beyond this, it says itself
permissions: {}

# A newer push to a pull request makes the older run pointless; a run that publishes is never cut off
concurrency:
  group: image-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

env:
  IMAGE: ${choices.image}

jobs:
${indented(jobs.join('\n\n'), 2)}
`
}

const onPullRequest = `github.event_name == 'pull_request'`
const onPush = `github.event_name != 'pull_request'`

/** One machine for everything: a job that tests pull requests and may write nothing, and one that publishes. */
function oneMachine(facts: ProjectFacts, choices: PipelineChoices): string[] {
  const { platforms } = facts
  const { shape, image } = choices
  const machine = { runner: 'ubuntu-24.04', minutes: shape === 'direct' ? 20 : 60 }
  const prepare = shape === 'direct' ? [everyarchCache(choices)] : [emulator(platforms), buildx]
  const command = (push: 'nothing' | 'tags') => buildCommand(facts, choices, { platforms, push })
  return [
    job('test', { ...machine, condition: onPullRequest, permissions: readingPermissions(image) }, [
      ...opening(facts),
      ...prepare,
      ...(shape === 'direct' ? [] : readingSteps(image)),
      run('Build and test', command('nothing'), facts.npmrcVariables),
    ]),
    job('image', { ...machine, condition: onPush, permissions: loginPermissions(image) }, [
      ...opening(facts),
      ...prepare,
      ...loginSteps(image),
      run('Build, test and publish', command('tags'), facts.npmrcVariables),
    ]),
  ]
}

/** A machine of each CPU builds and starts its own image; what passed is merged under the tags. */
function splitMachines(facts: ProjectFacts, choices: PipelineChoices): string[] {
  const { platforms } = facts
  const { image } = choices
  const variables = { platform: 'PLATFORM', key: 'KEY' }
  const command = (push: 'nothing' | 'digest') => buildCommand(facts, choices, { platforms, push, variables })
  const machines = { runner: '${{ matrix.runner }}', minutes: 30, matrix: platforms }
  return [
    job('test', { ...machines, condition: onPullRequest, permissions: readingPermissions(image) }, [
      ...opening(facts),
      buildx,
      ...readingSteps(image),
      run('Build and test', command('nothing'), facts.npmrcVariables),
    ]),
    job('build', { ...machines, condition: onPush, permissions: loginPermissions(image) }, [
      ...opening(facts),
      buildx,
      ...loginSteps(image),
      run('Build, test and push by digest', command('digest'), facts.npmrcVariables),
      `- uses: ${pinned('uploadArtifact')}
  with:
    name: digest-\${{ matrix.key }}
    path: digest-\${{ matrix.key }}.json
    if-no-files-found: error
    retention-days: 1`,
    ]),
    job(
      'publish',
      { runner: 'ubuntu-24.04', minutes: 15, needs: 'build', permissions: loginPermissions(image) },
      [
        ...opening(facts),
        `- uses: ${pinned('downloadArtifact')}
  with:
    pattern: digest-*
    merge-multiple: true`,
        ...loginSteps(image),
        run('Merge and tag', publishCommand(facts, choices)),
      ],
    ),
  ]
}

interface JobSettings {
  runner: string
  minutes: number
  /** beyond reading the repository */
  permissions: readonly string[]
  condition?: string
  /** the job before it, which has to have succeeded */
  needs?: string
  /** platforms that each get a job of their own, on a machine of their CPU */
  matrix?: readonly string[]
}

function job(id: string, settings: JobSettings, steps: readonly string[]): string {
  const { runner, minutes, permissions, condition, needs, matrix } = settings
  return [
    `${id}:`,
    ...(condition === undefined ? [] : [`  if: ${condition}`]),
    ...(needs === undefined ? [] : [`  needs: ${needs}`]),
    ...(matrix ? [strategy(matrix)] : []),
    `  runs-on: ${runner}`,
    `  timeout-minutes: ${minutes}`,
    '  permissions:',
    ...['contents: read', ...permissions].map((permission) => `    ${permission}`),
    ...(matrix ? ['  env:', '    PLATFORM: ${{ matrix.platform }}', '    KEY: ${{ matrix.key }}'] : []),
    '  steps:',
    indented(steps.join('\n'), 4),
  ].join('\n')
}

function strategy(platforms: readonly string[]): string {
  const rows = platforms.map((platform) => {
    const runner = architectureOf(platform) === 'arm64' ? 'ubuntu-24.04-arm' : 'ubuntu-24.04'
    return `        - { platform: ${platform}, key: ${keyOf(platform)}, runner: ${runner} }`
  })
  return ['  strategy:', '    fail-fast: false', '    matrix:', '      include:', ...rows].join('\n')
}

function opening(facts: ProjectFacts): string[] {
  return [
    `- uses: ${pinned('checkout')}
  with:
    persist-credentials: false`,
    `- uses: ${pinned('setupNode')}
  with:
    node-version: '${pipelineNode(facts)}'`,
  ]
}

const buildx = `- uses: ${pinned('setupBuildx')}`

/** For what an amd64 machine cannot run itself. */
function emulator(platforms: readonly string[]): string {
  const own = new Set(['amd64', '386'])
  const foreign = [...new Set(platforms.map(architectureOf))].filter((name) => !own.has(name))
  return `- uses: ${pinned('setupQemu')}
  with:
    image: ${qemuImage}
    platforms: ${foreign.join(',')}`
}

/** Layers, bases and packages of earlier runs, of this branch or of the default one. */
function everyarchCache({ defaultBranch }: PipelineChoices): string {
  return `- uses: ${pinned('cache')}
  with:
    path: ~/.cache/everyarch
    key: everyarch-\${{ github.ref_name }}-\${{ github.run_id }}
    restore-keys: |
      everyarch-\${{ github.ref_name }}-
      everyarch-${defaultBranch}-`
}

/** `secrets` are those that the command reads from its environment. */
function run(name: string, parts: readonly string[], secrets: readonly string[] = []): string {
  return [
    `- name: ${name}`,
    ...(secrets.length > 0
      ? ['  env:', ...secrets.map((secret) => `    ${secret}: \${{ secrets.${secret} }}`)]
      : []),
    '  run: |',
    indented(continued(parts), 4),
  ].join('\n')
}
