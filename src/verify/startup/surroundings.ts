/** What the image's start-up rules look at. */
import type { PlatformImage } from '../platform-image.ts'
import { type CommandLookup, resolveCommand, type Surroundings } from './resolve-command.ts'
import { type StartCommand, startCommands } from './start-commands.ts'

export function surroundingsOf({ tree, env, config }: PlatformImage): Surroundings {
  return { tree, env, workingDirectory: config.config?.WorkingDir || '/' }
}

/** The image's start commands, each looked up; those behind a command that cannot run are left out. */
export function lookUpCommands(image: PlatformImage): { start: StartCommand; lookup: CommandLookup }[] {
  const found: { start: StartCommand; lookup: CommandLookup }[] = []
  for (const start of startCommands(image.config.config ?? {})) {
    const lookup = resolveCommand(start.command, surroundingsOf(image))
    found.push({ start, lookup })
    if (lookup.outcome !== 'found') break
  }
  return found
}
