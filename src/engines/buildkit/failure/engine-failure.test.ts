import { expect, it } from 'vitest'
import { engineFailure } from './engine-failure.ts'

it.each([
  ["docker: 'buildx' is not a docker command.\nSee 'docker --help'", 'BUILDX_MISSING'],
  ["docker: unknown command: docker buildx\n\nRun 'docker --help' for more information", 'BUILDX_MISSING'],
  // Without the plugin docker takes a flag of buildx for one of its own.
  ['unknown flag: --file\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n', 'BUILDX_MISSING'],
  ['unknown flag: --progres\n\nUsage:  docker buildx build [OPTIONS] PATH | URL | -\n', undefined],
  ['ERROR: no builder "nix" found', 'BUILDER_UNKNOWN'],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'ENGINE_UNREACHABLE',
  ],
  ['ERROR: failed to solve: node:22: not found', undefined],
])('%j is %s', (text, code) => {
  expect(engineFailure(text)?.code).toBe(code)
})
