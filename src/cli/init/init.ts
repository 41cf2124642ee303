/** The work of `everyarch init`: look, decide, show, write. */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exitCodes } from '../../base/index.ts'
import { formatPlatform, parsePlatforms } from '../../oci/index.ts'
import { optimizeDockerfile, type OptimizedDockerfile } from '../../optimize/index.ts'
import { type Configuration, readProjectFile } from '../../project/index.ts'
import { optimizeText } from '../../report/index.ts'
import {
  completedDockerignore,
  type ProjectFacts,
  type ScaffoldFile,
  scaffoldFiles,
} from '../../scaffold/index.ts'
import type { InitFlags } from '../commands/init.ts'
import type { CommandContext } from '../context.ts'
import { readDockerfile } from '../optimize/read-dockerfile.ts'
import { ask, oneOf } from './ask.ts'
import { type ChosenPipeline, choosePipeline } from './choose-pipeline.ts'
import { findFacts, type FoundFacts } from './find-facts.ts'
import { InitError } from './init-error.ts'
import { closingLines, explanation, fileDiff, stateLine } from './init-text.ts'
import { type FileState, isChange, type PlannedFile, writeProjectFile } from './write-files.ts'

/** Writes the files; resolves to the exit code. */
export async function init(path: string, flags: InitFlags, context: CommandContext): Promise<number> {
  const { cwd, stdout, signal } = context
  const root = await realpath(resolve(cwd, path)).catch(() => resolve(cwd, path))
  const ownDockerfile = flags.fromDockerfile === true
  const found = await findFacts(
    { root, flags: flagConfiguration(flags), ownDockerfile, ...placesOf(flags) },
    context,
  )
  const interactive = context.ask !== undefined && !flags.yes && !flags.dryRun && !flags.json
  const chosen = await choosePipeline(root, found.facts, flags, { ...context, interactive })
  const improved = ownDockerfile ? await improveDockerfile(root, chosen.facts.platforms, context) : undefined
  const planned = await planFiles(root, found, chosen, { ...flags, improved }, context)
  if (flags.json) return json(planned, found, chosen, context)
  stdout.write(explanation(found, chosen, stdout))
  if (improved)
    stdout.write(`${optimizeText('Dockerfile', improved, { colour: stdout.colour, written: false })}\n`)
  if (flags.dryRun) {
    for (const file of planned.filter(isChange)) stdout.write(fileDiff(file, stdout))
    return exitCodes.ok
  }
  const states: { file: PlannedFile; state: FileState }[] = []
  for (const file of planned) {
    const state = await stateOf(file, flags, { ...context, interactive })
    if (state === 'new' || state === 'changed') await writeProjectFile(root, file, { signal })
    stdout.write(stateLine(file.path, state, stdout))
    states.push({ file, state })
  }
  stdout.write(
    closingLines(
      states.map(({ file, state }) => ({ path: file.path, state })),
      found,
      chosen,
    ),
  )
  return exitCodes.ok
}

function flagConfiguration({ platform, workspace, cmd }: InitFlags): Configuration {
  return {
    ...(platform ? { platforms: parsePlatforms(platform.join(',')).map((one) => formatPlatform(one)) } : {}),
    ...(workspace === undefined ? {} : { workspace }),
    ...(cmd === undefined ? {} : { image: { cmd: cmd.split(/\s+/u).filter(Boolean) } }),
  }
}

function placesOf({ base, cacheDir }: InitFlags): { base?: string; cacheDir?: string } {
  return { ...(base === undefined ? {} : { base }), ...(cacheDir === undefined ? {} : { cacheDir }) }
}

async function planFiles(
  root: string,
  found: FoundFacts,
  { facts, choices }: ChosenPipeline,
  flags: InitFlags & { improved: OptimizedDockerfile | undefined },
  { signal }: CommandContext,
): Promise<PlannedFile[]> {
  const { configuration, configurationFile, workspace } = found
  const files = scaffoldFiles(facts, choices, {
    workspace,
    base: choices.shape === 'direct' ? flags.base : undefined,
    cmd: configuration.image?.cmd,
  })
  // A project that is configured already keeps its configuration, wherever it stands.
  const wanted = files.filter(
    ({ part }) =>
      (flags.only?.includes(part) ?? true) && (part !== 'config' || configurationFile === undefined),
  )
  return Promise.all(
    wanted.map(async (file) => {
      const before = await readProjectFile(root, file.path, { signal })
      const improved = file.part === 'dockerfile' ? flags.improved?.text : undefined
      return { ...file, text: improved ?? textFor(file, before, facts), before }
    }),
  )
}

/** The Dockerfile that is there without needless emulation. Throws `INIT_DOCKERFILE_MISSING`, `DOCKERFILE_UNREADABLE`, `DockerfileError`. */
async function improveDockerfile(
  root: string,
  platforms: readonly string[],
  context: CommandContext,
): Promise<OptimizedDockerfile> {
  if (!existsSync(join(root, 'Dockerfile'))) {
    throw new InitError('INIT_DOCKERFILE_MISSING', `there is no Dockerfile in ${root}`, {
      kind: 'usage',
      hint: 'everyarch optimize --dockerfile FILE improves one that is elsewhere',
      details: { root },
    })
  }
  const { text, facts } = await readDockerfile(root, { platform: [...platforms] }, { ...context, cwd: root })
  return optimizeDockerfile(text, facts)
}

/** An ignore file that is there is completed: what somebody left out on purpose is not brought back. */
function textFor({ part, text }: ScaffoldFile, before: string | undefined, facts: ProjectFacts): string {
  if (part !== 'dockerignore' || before === undefined) return text
  return completedDockerignore(before, facts) ?? before
}

async function stateOf(
  file: PlannedFile,
  { force, fromDockerfile }: InitFlags,
  context: CommandContext & { interactive: boolean },
): Promise<FileState> {
  if (file.before === undefined) return 'new'
  if (!isChange(file)) return 'same'
  if (force) return 'changed'
  // Who asks for a better Dockerfile asks for its replacement.
  if (!context.interactive) return fromDockerfile && file.path === 'Dockerfile' ? 'changed' : 'kept'
  for (;;) {
    const answer = await ask(
      {
        text: `${file.path} is there and differs: replace it? (yes, no, diff)`,
        standard: 'no',
        read: oneOf(['yes', 'no', 'diff']),
      },
      context,
    )
    if (answer === 'diff') context.stderr.write(fileDiff(file, context.stderr))
    else return answer === 'yes' ? 'changed' : 'kept'
  }
}

function json(
  planned: readonly PlannedFile[],
  { facts, warnings }: FoundFacts,
  { choices, shapeReason }: ChosenPipeline,
  { stdout }: CommandContext,
): number {
  const files = planned.map(({ path, text, before }) => ({
    path,
    exists: before !== undefined,
    changes: before !== text,
    text,
  }))
  stdout.write(
    `${JSON.stringify({ facts, pipeline: { ...choices, reason: shapeReason }, warnings, files }, null, 2)}\n`,
  )
  return exitCodes.ok
}
