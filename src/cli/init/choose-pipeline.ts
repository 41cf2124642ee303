/** What cannot be found in the project is chosen: by flags, by answers, else by what is usual. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../base/index.ts'
import { familiarReference, formatPlatform, parsePlatforms, parseReference } from '../../oci/index.ts'
import { type GitFacts, readGitFacts } from '../../project/index.ts'
import {
  chooseShape,
  type CiService,
  ciServices,
  imageIn,
  type PipelineChoices,
  pipelineShapes,
  type ProjectFacts,
  type RegistryKind,
} from '../../scaffold/index.ts'
import type { InitFlags } from '../commands/init.ts'
import type { CommandContext } from '../context.ts'
import { readDefaultBranch } from '../tags/default-branch.ts'
import { version } from '../version.ts'
import { ask, oneOf } from './ask.ts'

export interface ChosenPipeline {
  choices: PipelineChoices
  facts: ProjectFacts
  /** why that shape, in one line */
  shapeReason: string
  /** parts of the image's name that nobody knew */
  placeholders: readonly string[]
}

/** Asks when there is somebody to ask and `interactive` says so. Throws `OciError` and `INVALID_FLAG` for unusable flags. */
export async function choosePipeline(
  root: string,
  found: ProjectFacts,
  flags: InitFlags,
  context: CommandContext & { interactive: boolean },
): Promise<ChosenPipeline> {
  const { env, signal } = context
  const git = await readGitFacts(root, { env, signal })
  const image =
    flags.image === undefined
      ? usualImage(git, found.name, flags.registry ?? (usesGitlab(root, git) ? 'gitlab' : 'ghcr'))
      : { name: checkedImage(flags.image), placeholders: [] }
  const chosen = context.interactive
    ? {
        name: await ask({ text: 'Image, without a tag', standard: image.name, read: checkedImage }, context),
        platforms: await ask(
          { text: 'Platforms', standard: found.platforms.join(','), read: checkedPlatforms },
          context,
        ),
      }
    : { name: image.name, platforms: found.platforms }
  const facts = { ...found, platforms: chosen.platforms }
  const ci = await ciOf(root, git, flags, context)
  const fitting = chooseShape(facts, flags.fromDockerfile === true)
  const shape = await shapeOf(fitting.shape, ci, flags, context)
  return {
    facts,
    choices: { ci, shape, image: chosen.name, version, defaultBranch: branchOf(root, git, env) },
    shapeReason: shape === fitting.shape ? fitting.reason : 'as asked for',
    placeholders: chosen.name === image.name ? image.placeholders : [],
  }
}

function checkedImage(text: string): string {
  const reference = parseReference(text)
  const last = text.slice(text.lastIndexOf('/') + 1)
  if (reference.digest === undefined && !last.includes(':')) return text
  throw new CodedError(
    'INVALID_FLAG',
    `${familiarReference(reference)}: name the image without tag and digest`,
    {
      kind: 'usage',
    },
  )
}

function checkedPlatforms(text: string): string[] {
  return parsePlatforms(text).map((platform) => formatPlatform(platform))
}

/** Under the names of the repository: whoever may push there may push its images. */
function usualImage(
  { source }: GitFacts,
  name: string,
  kind: RegistryKind,
): { name: string; placeholders: string[] } {
  const [, , path = ''] = /^https?:\/\/([^/]+)\/(.+)$/u.exec(source?.toLowerCase() ?? '') ?? []
  const owner = path.split('/').slice(0, -1).join('/') || 'my-organisation'
  const own = kind === 'ghcr' || kind === 'gitlab' ? path.split('/').at(-1) || name : name
  const image = imageIn(kind, owner, own)
  const unknown = ['my-organisation', '123456789012', 'my-project', 'myregistry', 'registry.example.com']
  return { name: image, placeholders: unknown.filter((text) => image.includes(text)) }
}

function usesGitlab(root: string, { source = '' }: GitFacts): boolean {
  return existsSync(join(root, '.gitlab-ci.yml')) || /\/\/[^/]*gitlab/u.test(source)
}

async function ciOf(
  root: string,
  git: GitFacts,
  flags: InitFlags,
  context: CommandContext & { interactive: boolean },
): Promise<CiService> {
  if (flags.ci) return flags.ci
  const usual = usesGitlab(root, git) ? 'gitlab' : 'github'
  if (!context.interactive) return usual
  return ask(
    { text: `CI service (${ciServices.join(', ')})`, standard: usual, read: oneOf(ciServices) },
    context,
  )
}

async function shapeOf(
  fitting: PipelineChoices['shape'],
  ci: CiService,
  flags: InitFlags,
  context: CommandContext & { interactive: boolean },
): Promise<PipelineChoices['shape']> {
  if (flags.shape || !context.interactive || ci === 'none') return flags.shape ?? fitting
  return ask(
    {
      text: `Shape of the pipeline (${pipelineShapes.join(', ')})`,
      standard: fitting,
      read: oneOf(pipelineShapes),
    },
    context,
  )
}

/** Outside of a clone the branch that one is on is the best guess when it is called as default branches are. */
function branchOf(root: string, { branch }: GitFacts, env: CommandContext['env']): string {
  const remembered = readDefaultBranch(root, env)
  return remembered === 'main' && branch === 'master' ? 'master' : remembered
}
