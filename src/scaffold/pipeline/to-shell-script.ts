/** A script for any other CI service, or for a laptop: the same commands, without anybody's syntax. */
import type { ProjectFacts } from '../project-facts.ts'
import { buildCommand, keyOf, publishCommand } from './commands.ts'
import { continued, indented } from './lines.ts'
import type { PipelineChoices } from './pipeline-choices.ts'

/** Pure. The text ends with a line end; the file has to be executable. */
export function toShellScript(facts: ProjectFacts, choices: PipelineChoices): string {
  return choices.shape === 'split' ? splitScript(facts, choices) : oneScript(facts, choices)
}

function head(image: string, usage: string): string {
  return `#!/bin/sh
${usage}
# Log in first: docker login, or a credential helper. Needs Node 20.19 or newer.
# shellcheck disable=SC2046  # what everyarch tags prints is several words
set -eu
cd "$(dirname "$0")/.."
IMAGE=\${IMAGE:-${image}}`
}

function oneScript(facts: ProjectFacts, choices: PipelineChoices): string {
  const { platforms } = facts
  const build = (push: 'nothing' | 'tags') =>
    indented(continued(buildCommand(facts, choices, { platforms, push })), 4)
  const usage = `# ci/image.sh test      builds, proves and starts the image of every platform; pushes nothing
# ci/image.sh publish   the same, then pushes and moves the tags of this commit`
  return `${head(choices.image, usage)}

case \${1:-test} in
  test)
${build('nothing')}
    ;;
  publish)
${build('tags')}
    ;;
  *)
    echo "usage: $0 test | publish" >&2
    exit 2
    ;;
esac
`
}

function splitScript(facts: ProjectFacts, choices: PipelineChoices): string {
  const { platforms } = facts
  const keys = platforms.map(keyOf)
  const cases = (push: 'nothing' | 'digest') =>
    platforms
      .map(
        (platform) =>
          `      ${keyOf(platform)})
${indented(continued(buildCommand(facts, choices, { platforms: [platform], push })), 8)}
        ;;`,
      )
      .join('\n')
  const usage = `# ci/image.sh test ${keys.join('|')}    builds, proves and starts the image of one platform; pushes nothing
# ci/image.sh push ${keys.join('|')}    the same, then pushes it by digest and writes digest-….json; run it on a machine of that CPU
# ci/image.sh publish          merges what all digest files in this folder name, and moves the tags of this commit`
  const machines = `    case \${2:-} in`
  const unknown = `      *)
        echo "usage: $0 $1 ${keys.join(' | ')}" >&2
        exit 2
        ;;
    esac
    ;;`
  return `${head(choices.image, usage)}

case \${1:-} in
  test)
${machines}
${cases('nothing')}
${unknown}
  push)
${machines}
${cases('digest')}
${unknown}
  publish)
${indented(continued(publishCommand(facts, choices)), 4)}
    ;;
  *)
    echo "usage: $0 test | push | publish" >&2
    exit 2
    ;;
esac
`
}
