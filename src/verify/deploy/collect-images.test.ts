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
  ])('%s is %s', (text, expected) => {
    expect(interpolate(text, { TAG: '1', EMPTY: '' })).toBe(expected)
  })
})
