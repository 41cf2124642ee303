import { describe, expect, it } from 'vitest'
import { collectImages } from './collect-images.ts'
import { interpolate } from './interpolate.ts'

const kubernetes = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  template:
    spec:
      nodeSelector: { kubernetes.io/arch: arm64 }
      initContainers:
        - { name: wait, image: "busybox:1.36" }
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.0
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: ghcr.io/acme/shop:1.4.0 }] } } } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: canary }
spec: { strategy: { steps: [{ podTemplate: { spec: { containers: [{ image: ghcr.io/acme/canary:2 }] } } }] } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { image: not-a-container }
---
# an empty document
`

describe('collectImages', () => {
  it('finds the containers of every workload, in every document', () => {
    expect(collectImages(kubernetes, 'kubernetes')).toEqual({
      images: [
        {
          image: 'busybox:1.36',
          usedBy: ['Deployment shop'],
          platforms: [{ os: 'linux', architecture: 'arm64' }],
        },
        {
          image: 'ghcr.io/acme/shop:1.4.0',
          usedBy: ['Deployment shop', 'CronJob nightly'],
          platforms: [{ os: 'linux', architecture: 'arm64' }],
        },
        { image: 'ghcr.io/acme/canary:2', usedBy: ['Rollout canary'], platforms: [] },
      ],
      problems: [],
    })
  })

  it('finds the services of a compose file, with their variables and platforms', () => {
    const text = `
services:
  web: { image: "acme/shop:\${TAG:-latest}", platform: linux/arm64 }
  worker: { image: "acme/shop:\${TAG:-latest}" }
  db: { image: "postgres:$VERSION" }
  built: { build: . }
`
    expect(collectImages(text, 'compose', { TAG: '1.4.0' })).toEqual({
      images: [
        {
          image: 'acme/shop:1.4.0',
          usedBy: ['service web', 'service worker'],
          platforms: [{ os: 'linux', architecture: 'arm64' }],
        },
      ],
      problems: ['service db: the image postgres:$VERSION has a variable without a value'],
    })
  })

  it('finds containers of workloads that it does not know, wherever they are', () => {
    const text = `
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: { name: nightly }
    spec:
      jobTemplate: { spec: { template: { spec: { containers: [{ image: a:1 }], ephemeralContainers: [{ image: b:1 }] } } } }
  - apiVersion: argoproj.io/v1alpha1
    kind: Workflow
    metadata: { name: flow }
    spec: { templates: [{ container: { image: c:1 }, sidecars: [{ image: d:1 }] }, { script: { image: e:1 } }] }
  - apiVersion: tekton.dev/v1
    kind: Task
    metadata: { name: build }
    spec: { steps: [{ image: f:1 }], image: of-something-else }
`
    expect(collectImages(text, 'kubernetes').images.map(({ image, usedBy }) => [image, ...usedBy])).toEqual([
      ['a:1', 'CronJob nightly'],
      ['b:1', 'CronJob nightly'],
      ['c:1', 'Workflow flow'],
      ['d:1', 'Workflow flow'],
      ['e:1', 'Workflow flow'],
      ['f:1', 'Task build'],
    ])
  })

  it.each(['"{{ .Values.image }}:1"', '"${IMAGE}:1"', '$(IMAGE)'])(
    'does not skip an image to be filled in: %s',
    (image) => {
      const pod = `{ apiVersion: v1, kind: Pod, metadata: { name: p }, spec: { containers: [{ image: ${image} }] } }`
      expect(collectImages(pod, 'kubernetes')).toEqual({
        images: [],
        problems: [expect.stringContaining('Pod p: the image')],
      })
    },
  )

  it('follows services that extend others of the file', () => {
    const text = `
x-common: &common { image: "common:1" }
services:
  merged: { <<: *common, command: x }
  base: { image: "base:1", platform: linux/arm64, profiles: [debug] }
  derived: { extends: { service: base } }
  again: { extends: derived, platform: linux/amd64 }
  tagged: { build: ., image: "built:1" }
  circle: { extends: { service: circle } }
`
    expect(collectImages(text, 'compose')).toMatchObject({
      images: [
        { image: 'common:1', usedBy: ['service merged'] },
        {
          image: 'base:1',
          usedBy: ['service base', 'service derived', 'service again'],
          platforms: [{ architecture: 'arm64' }, { architecture: 'amd64' }],
        },
        { image: 'built:1' },
      ],
      problems: [],
    })
  })

  it('does not skip what stands in other files', () => {
    const text = 'include: [more.yaml]\nservices:\n  a: { extends: { file: base.yaml, service: web } }\n'
    expect(collectImages(text, 'compose').problems).toEqual([
      'it includes other files: verify what `docker compose config` prints',
      'service a extends base.yaml: verify what `docker compose config` prints',
    ])
  })

  it('says what cannot be read', () => {
    const template = 'spec:\n  containers:\n    - image: {{ .Values.image }}\n'
    expect(collectImages(template, 'kubernetes').problems).toHaveLength(1)
    const broken = collectImages('a: [1\nb: 2', 'kubernetes')
    expect(broken.images).toEqual([])
    expect(broken.problems[0]).toMatch(/^line \d+: /)
    expect(collectImages('', 'kubernetes')).toEqual({ images: [], problems: [] })
  })
})

describe('interpolate', () => {
  it.each([
    ['a:$TAG', 'a:1'],
    ['a:${TAG}', 'a:1'],
    ['a:${NONE:-2}', 'a:2'],
    ['a:${EMPTY:-2}', 'a:2'],
    ['a:${EMPTY-2}', 'a:'],
    ['a:${TAG:+x}', 'a:x'],
    ['a${NONE:+x}', 'a'],
    ['a:${TAG:?needed}', 'a:1'],
    ['a:${NONE:?needed}', undefined],
    ['a:$NONE', undefined],
    ['a:$$TAG', 'a:$TAG'],
    ['a:${NONE:-${TAG}-slim}', 'a:1-slim'],
    ['a:${NONE:-${ALSO:-${EMPTY:-deep}}}/b', 'a:deep/b'],
    ['a:${NONE:-$ALSO}', undefined],
    ['a:${TAG', 'a:1'],
    ['a:$', 'a:$'],
    ['a:${}', 'a:${}'],
  ])('%s is %s', (text, expected) => {
    expect(interpolate(text, { TAG: '1', EMPTY: '' })).toBe(expected)
  })
})
