/** All files of a project, from what was found and what was chosen. */
import { toDockerfile } from './dockerfile/to-dockerfile.ts'
import type { PipelineChoices } from './pipeline/pipeline-choices.ts'
import { toGithubWorkflow } from './pipeline/to-github-workflow.ts'
import { toGitlabCi } from './pipeline/to-gitlab-ci.ts'
import { toShellScript } from './pipeline/to-shell-script.ts'
import type { ProjectFacts } from './project-facts.ts'
import { toBakeFile } from './to-bake-file.ts'
import { toComposeTest } from './to-compose-test.ts'
import { type ConfigurationFacts, toConfigurationFile } from './to-configuration-file.ts'
import { toDockerignore } from './to-dockerignore.ts'

/** What `--only` names. */
export const scaffoldParts = ['dockerfile', 'dockerignore', 'config', 'ci', 'bake', 'compose'] as const
export type ScaffoldPart = (typeof scaffoldParts)[number]

export interface ScaffoldFile {
  readonly part: ScaffoldPart
  /** relative to the project's root, with `/` */
  readonly path: string
  readonly text: string
  readonly executable: boolean
}

/** Pure: the files in the order in which they are told. */
export function scaffoldFiles(
  facts: ProjectFacts,
  choices: PipelineChoices,
  configuration: ConfigurationFacts,
): ScaffoldFile[] {
  const file = (part: ScaffoldPart, path: string, text: string, executable = false) => ({
    part,
    path,
    text,
    executable,
  })
  return [
    file('dockerfile', 'Dockerfile', toDockerfile(facts)),
    file('dockerignore', '.dockerignore', toDockerignore(facts)),
    file('config', 'everyarch.config.json', toConfigurationFile(facts, configuration)),
    ...pipelineFile(facts, choices).map(({ path, text, executable }) => file('ci', path, text, executable)),
    file('bake', 'docker-bake.hcl', toBakeFile(facts, choices)),
    file('compose', 'compose.test.yaml', toComposeTest(facts)),
  ]
}

function pipelineFile(
  facts: ProjectFacts,
  choices: PipelineChoices,
): { path: string; text: string; executable?: boolean }[] {
  switch (choices.ci) {
    case 'github':
      return [{ path: '.github/workflows/image.yml', text: toGithubWorkflow(facts, choices) }]
    case 'gitlab':
      return [{ path: '.gitlab-ci.yml', text: toGitlabCi(facts, choices) }]
    case 'shell':
      return [{ path: 'ci/image.sh', text: toShellScript(facts, choices), executable: true }]
    default:
      return []
  }
}
