import { expect, it } from 'vitest'
import { commandEnvironment } from './run-cli.ts'

const env = {
  PATH: '/bin',
  GITHUB_STATE: '/f',
  STATE_folder: '/t',
  INPUT_TAG: 'a:1',
  ACTIONS_RUNTIME_TOKEN: 'x',
  ACTIONS_RUNTIME_URL: 'x',
  ACTIONS_RESULTS_URL: 'x',
  ACTIONS_CACHE_SERVICE_V2: 'true',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y',
}

it('keeps what only actions are given from what the command starts', () => {
  expect(commandEnvironment(['build'], env)).toEqual({
    FORCE_COLOR: '1',
    PATH: '/bin',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y',
  })
})

it('leaves the cache service to a build that exports its cache there', () => {
  expect(commandEnvironment(['build', '--cache-to=type=gha,mode=max'], env)).toMatchObject({
    ACTIONS_RUNTIME_TOKEN: 'x',
    ACTIONS_RESULTS_URL: 'x',
  })
})
