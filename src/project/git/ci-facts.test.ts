import { describe, expect, it } from 'vitest'
import { ciFacts } from './ci-facts.ts'

const revision = 'a'.repeat(40)
const source = 'https://example.com/acme/shop'

describe('ciFacts', () => {
  it.each([
    [
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_SHA: revision,
        GITHUB_SERVER_URL: 'https://example.com',
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_REF: 'refs/heads/feat/x',
      },
      { branch: 'feat/x' },
    ],
    [
      { GITLAB_CI: 'true', CI_COMMIT_SHA: revision, CI_PROJECT_URL: source, CI_COMMIT_TAG: 'v1' },
      { tag: 'v1' },
    ],
    [
      {
        BITBUCKET_BUILD_NUMBER: '1',
        BITBUCKET_COMMIT: revision,
        BITBUCKET_GIT_HTTP_ORIGIN: source,
        BITBUCKET_BRANCH: 'main',
      },
      { branch: 'main' },
    ],
    [
      {
        CIRCLECI: 'true',
        CIRCLE_SHA1: revision,
        CIRCLE_REPOSITORY_URL: 'git@example.com:acme/shop.git',
        CIRCLE_BRANCH: 'main',
      },
      { branch: 'main' },
    ],
    [
      {
        TF_BUILD: 'True',
        BUILD_SOURCEVERSION: revision,
        BUILD_REPOSITORY_URI: `https://token@example.com/acme/shop`,
        BUILD_SOURCEBRANCH: 'refs/tags/v1',
      },
      { tag: 'v1' },
    ],
    [
      {
        BUILDKITE: 'true',
        BUILDKITE_COMMIT: revision,
        BUILDKITE_REPO: 'ssh://git@example.com:22/acme/shop.git',
        BUILDKITE_BRANCH: 'main',
      },
      { branch: 'main' },
    ],
    [
      { JENKINS_URL: 'x', GIT_COMMIT: revision, GIT_URL: `${source}.git`, GIT_BRANCH: 'origin/main' },
      { branch: 'main' },
    ],
  ])('%j', (env, expected) => {
    expect(ciFacts(env)).toEqual({ revision, source, ...expected })
  })

  it('is empty outside of CI and for what is no commit', () => {
    expect(ciFacts({})).toEqual({})
    expect(ciFacts({ GITHUB_SHA: revision })).toEqual({})
    expect(ciFacts({ BUILDKITE: 'true', BUILDKITE_COMMIT: 'HEAD' })).toEqual({})
  })
})
