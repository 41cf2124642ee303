import { describe, expect, it } from 'vitest'
import { parseYaml, toComposeServices, toDeployments, toGitlabJobs } from './index.ts'

const document = (text: string) => parseYaml(text).documents[0]

describe('compose', () => {
  it('reads services', () => {
    const [api, db] = toComposeServices(
      document(`services:
  api:
    build: {context: ./api, platforms: [linux/amd64, linux/arm64]}
    environment: [A=1, B]
    platform: linux/amd64
  db: {image: "postgres:16", environment: {X: y}}
`),
    )
    expect(api?.build).toMatchObject({ context: './api', dockerfile: 'Dockerfile' })
    expect(api?.build?.platforms.map((platform) => platform.text)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(api?.environment.map(({ name, value }) => [name, value])).toEqual([
      ['A', '1'],
      ['B', undefined],
    ])
    expect(db?.image?.text).toBe('postgres:16')
    expect(db?.environment[0]?.value).toBe('y')
  })
})

describe('GitLab CI', () => {
  it('reads jobs with scripts', () => {
    const jobs = toGitlabJobs(
      document('stages: [a]\nvariables: {X: 1}\nbuild:\n  script:\n    - docker build .\n.t: {}\n'),
    )
    expect(jobs.map((job) => [job.name, job.script.map((line) => line.text)])).toEqual([
      ['build', ['docker build .']],
    ])
  })
})

describe('deployments', () => {
  it('of Kubernetes', () => {
    const [shop] = toDeployments(
      document(`apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      nodeSelector: {kubernetes.io/arch: arm64}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - {key: kubernetes.io/arch, operator: In, values: [amd64]}
      containers:
        - image: ghcr.io/acme/shop:1
`),
    )
    expect(shop?.name).toBe('Deployment shop')
    expect(shop?.images.map((image) => image.text)).toEqual(['ghcr.io/acme/shop:1'])
    expect(shop?.architectures.map(({ architecture }) => architecture)).toEqual(['arm64', 'amd64'])
  })

  it('of ECS and SAM', () => {
    const task =
      '{"family":"shop","runtimePlatform":{"cpuArchitecture":"X86_64"},"containerDefinitions":[{"image":"shop:1"}]}'
    expect(toDeployments(document(task))[0]?.architectures[0]?.architecture).toBe('amd64')
    const sam =
      'Resources:\n  F:\n    Type: x\n    Properties: {PackageType: Image, ImageUri: "shop:1", Architectures: [arm64]}\n'
    expect(toDeployments(document(sam))[0]?.images[0]?.text).toBe('shop:1')
  })

  it('of anything else are none', () => {
    expect(toDeployments(document('a: 1'))).toEqual([])
    expect(toDeployments(document('apiVersion: v1\nkind: ConfigMap\n'))).toEqual([])
  })
})
