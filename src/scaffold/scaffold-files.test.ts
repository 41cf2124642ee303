import { describe, expect, it } from 'vitest'
import { parseDockerfile, resolveStages } from '../dockerfile/index.ts'
import {
  type CiService,
  ciServices,
  imageIn,
  type PipelineShape,
  pipelineShapes,
  type ProjectFacts,
  scaffoldFiles,
} from './index.ts'
import { sampleFacts } from './testdata/sample-facts.ts'

const nothingConfigured = { workspace: undefined, base: undefined, cmd: undefined }
const choices = {
  ci: 'github' as CiService,
  shape: 'direct' as PipelineShape,
  image: 'ghcr.io/acme/shop',
  version: '0.1.0',
  defaultBranch: 'main',
}

function textOf(
  path: string,
  facts: ProjectFacts = sampleFacts(),
  changes: Partial<typeof choices> = {},
): string {
  const file = scaffoldFiles(facts, { ...choices, ...changes }, nothingConfigured).find(
    (one) => one.path === path,
  )
  return file?.text ?? ''
}

const managers = [
  { name: 'npm', version: '11', lockfile: 'package-lock.json' },
  { name: 'pnpm', version: '10.20.0', lockfile: 'pnpm-lock.yaml' },
  { name: 'pnpm', version: '9.15.0', lockfile: 'pnpm-lock.yaml' },
  { name: 'yarn', version: '4.9.1', lockfile: 'yarn.lock' },
  { name: 'yarn-classic', version: '1.22.22', lockfile: 'yarn.lock' },
  { name: 'bun', version: '1.3.0', lockfile: 'bun.lock' },
] as const

const shapesOfProjects: Record<string, Partial<ProjectFacts>> = {
  'plain JavaScript': {
    build: [],
    packages: [{ folder: '', contents: { kind: 'sources' } }],
    start: ['node', 'server.js'],
  },
  'no dependencies at all': {
    build: [],
    dependencies: { production: false, any: false },
    packages: [{ folder: '', contents: { kind: 'sources' } }],
  },
  TypeScript: {},
  'an output that nobody knows': { packages: [{ folder: '', contents: { kind: 'everything' } }] },
  'an addon to compile': {
    addons: [{ name: 'libpq', how: 'compile', headers: ['libpq-dev'], libraries: ['libpq5'] }],
  },
  'a workspace': {
    packages: [
      { folder: 'apps/api', contents: { kind: 'folders', built: ['dist'], beside: ['public'], files: [] } },
      { folder: 'packages/core', contents: { kind: 'sources' } },
    ],
    workspaceName: '@acme/api',
    installFiles: [
      'package.json',
      'package-lock.json',
      'apps/api/package.json',
      'packages/core/package.json',
    ],
  },
  'Next.js standalone': {
    framework: 'next-standalone',
    packages: [{ folder: '', contents: { kind: 'next-standalone', hasPublic: true } }],
    start: ['node', 'server.js'],
  },
  'secrets and install scripts': {
    secretNpmrc: true,
    npmrcVariables: ['NPM_TOKEN'],
    installScripts: ['postinstall'],
  },
  'many platforms': {
    platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'linux/s390x', 'linux/ppc64le'],
  },
  Alpine: { base: 'node:24-alpine' },
}

describe('the Dockerfile', () => {
  for (const [name, changes] of Object.entries(shapesOfProjects)) {
    it(`runs nothing under emulation: ${name}`, () => {
      for (const manager of managers) {
        const text = textOf('Dockerfile', sampleFacts({ ...changes, manager }))
        const dockerfile = parseDockerfile(text)
        expect(dockerfile.problems).toEqual([])
        const target = { os: 'linux', architecture: 'arm64' }
        const graph = resolveStages(dockerfile, { target, build: { os: 'linux', architecture: 'amd64' } })
        expect(graph.problems).toEqual([])
        const emulated = graph.stages.filter(
          (stage) =>
            stage.runsOn !== 'build' && stage.steps.some(({ instruction }) => instruction.keyword === 'RUN'),
        )
        expect(emulated.map(({ stage }) => stage.name)).toEqual([])
        expect(graph.stages.every(({ reachable }) => reachable)).toBe(true)
      }
    })
  }

  it('watches a port only where one is known', () => {
    const { health: _, ...worker } = sampleFacts()
    expect(textOf('Dockerfile', worker)).not.toMatch(/EXPOSE|HEALTHCHECK/)
    expect(textOf('Dockerfile', sampleFacts({ health: { port: 5432 } }))).toMatch(
      /EXPOSE 5432\nHEALTHCHECK .*\n.*node:net/,
    )
  })

  it('starts in exec form, behind an init, as a user', () => {
    const lines = textOf('Dockerfile').trimEnd().split('\n').slice(-2)
    expect(lines).toEqual(['ENTRYPOINT ["/usr/bin/tini", "--"]', 'CMD ["node", "dist/server.js"]'])
    expect(textOf('Dockerfile')).toContain('\nUSER 1000:1000\n')
  })

  it('gives tokens to installs as secrets, which no layer keeps', () => {
    const text = textOf('Dockerfile', sampleFacts({ secretNpmrc: true, npmrcVariables: ['NPM_TOKEN'] }))
    expect(text).toContain('--mount=type=secret,id=npmrc,target=/app/.npmrc')
    expect(text).toContain('export NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)"')
    expect(text).not.toMatch(/ARG .*TOKEN|ENV .*TOKEN/)
    expect(textOf('.dockerignore', sampleFacts({ secretNpmrc: true }))).toContain('**/.npmrc\n')
  })
})

describe('the pipelines', () => {
  const every = ciServices.flatMap((ci) => pipelineShapes.map((shape) => ({ ci, shape })))

  it('push nothing for pull requests, and only by digest before the merge', () => {
    for (const { ci, shape } of every.filter((one) => one.ci !== 'none')) {
      const path = { github: '.github/workflows/image.yml', gitlab: '.gitlab-ci.yml', shell: 'ci/image.sh' }[
        ci as 'github'
      ]
      const text = textOf(path, sampleFacts(), { ci, shape })
      expect(text).toContain('npx --yes everyarch@0.1.0 build')
      expect(text.includes('--push-by-digest')).toBe(shape === 'split')
      expect(text.includes('everyarch@0.1.0 publish')).toBe(shape === 'split')
      expect(/ --push$/m.test(text)).toBe(shape !== 'split')
      expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true)
      expect(text).not.toMatch(/[ \t]$/m)
    }
  })

  it('never use an expression inside a script', () => {
    for (const shape of pipelineShapes) {
      const scripts = textOf('.github/workflows/image.yml', sampleFacts(), { shape }).split('run: |').slice(1)
      for (const script of scripts) expect(script.split(/\n {6}- |\n\n/)[0]).not.toContain('${{')
    }
  })

  it('log in to each registry with the least that it takes', () => {
    const workflow = (kind: Parameters<typeof imageIn>[0]) =>
      textOf('.github/workflows/image.yml', sampleFacts(), { image: imageIn(kind, 'acme', 'shop') })
    expect(workflow('ghcr')).toContain('packages: write')
    expect(workflow('docker-hub')).toContain('secrets.DOCKERHUB_TOKEN')
    expect(workflow('docker-hub')).not.toContain('packages:')
    for (const kind of ['ecr', 'gar', 'acr'] as const) {
      expect(workflow(kind)).toContain('id-token: write')
      expect(workflow(kind)).not.toContain('secrets.')
    }
    expect(workflow('other')).toContain('secrets.REGISTRY_PASSWORD')
  })
})

describe('the other files', () => {
  it('are the same for the same facts', () => {
    const once = scaffoldFiles(sampleFacts(), choices, nothingConfigured)
    expect(scaffoldFiles(sampleFacts(), choices, nothingConfigured)).toEqual(once)
  })

  it('keep packages, history and secrets out of the build', () => {
    const text = textOf('.dockerignore')
    for (const pattern of ['**/node_modules', '.git', '**/.env', '**/*.pem'])
      expect(text).toContain(`${pattern}\n`)
  })
})
