import { expect, it } from 'vitest'
import { parsePlatform } from '../../../oci/index.ts'
import { executionOf, nodeFor } from '../../../forecast/index.ts'
import { builderText } from './builder.ts'
import { parseInspect } from './parse-inspect.ts'

const one = `Name:   default
Driver: docker

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.16.0
Platforms:        linux/amd64, linux/amd64/v2, linux/arm64
Labels:
 org.mobyproject.buildkit.worker.executor:             containerd
`

it('a builder of one node: the first platform is its own', () => {
  const { builder } = parseInspect(one)
  expect(builder).toMatchObject({ name: 'default', driver: 'docker' })
  const [node] = builder.nodes
  expect(node).toMatchObject({ status: 'running', version: 'v0.16.0', native: { architecture: 'amd64' } })
  const text = (platform: string) => executionOf(builder, parsePlatform(platform))
  expect(['linux/amd64', 'linux/386', 'linux/arm64', 'linux/s390x'].map(text)).toEqual([
    'native',
    'impossible',
    'emulated',
    'impossible',
  ])
  expect(builderText(builder, ['linux/amd64', 'linux/arm64'].map(parsePlatform))).toBe(
    'default (docker: linux/amd64; linux/arm64 emulated)',
  )
})

it('nodes that platforms were assigned to come first', () => {
  const { builder } = parseInspect(`Name:          farm
Driver:        remote
Last Activity: 2026-11-24 15:11:11 +0000 UTC

Nodes:
Name:             farm0
Endpoint:         tcp://10.0.0.1:1234
Status:           running
BuildKit version: v0.16.0
Platforms:        linux/amd64*, linux/arm64

Name:             farm1
Endpoint:         tcp://10.0.0.2:1234
Status:           running
BuildKit version: v0.16.0
Platforms:        linux/arm64*, linux/amd64
`)
  expect(nodeFor(builder, parsePlatform('linux/arm64'))?.name).toBe('farm1')
  expect(nodeFor(builder, parsePlatform('linux/amd64'))?.name).toBe('farm0')
  expect(builder.nodes.map(({ native }) => native)).toEqual([undefined, undefined])
})

it('an engine that does not answer', () => {
  const { builder, error } = parseInspect(`Name:          default
Driver:        
Last Activity: 2026-11-24 15:11:46 +0000 UTC
Error:         Cannot connect to the Docker daemon at unix:///nonexist. Is the docker daemon running?
`)
  expect(error).toContain('Cannot connect')
  expect(builder.nodes).toEqual([])
})

it('nonsense is a builder of nothing', () => {
  expect(parseInspect('').builder).toEqual({ name: '', driver: '', nodes: [] })
})
