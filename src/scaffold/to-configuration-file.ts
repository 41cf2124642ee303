/** everyarch.config.json: what should not be typed each time, and nothing that everyarch finds by itself. */
import type { ProjectFacts } from './project-facts.ts'

export interface ConfigurationFacts {
  /** what the project's configuration said so far */
  readonly existing: Readonly<Record<string, unknown>>
  readonly workspace: string | undefined
  /** the command that the user gave, when the project does not say it */
  readonly cmd: readonly string[] | undefined
}

/** Pure. The text ends with a line end. */
export function toConfigurationFile(
  { platforms, health }: ProjectFacts,
  { existing, workspace, cmd }: ConfigurationFacts,
): string {
  const image = {
    ...(health ? { ports: [`${health.port}/tcp`] } : {}),
    ...(cmd ? { cmd } : {}),
  }
  const own = {
    $schema: './node_modules/everyarch/config.schema.json',
    platforms,
    ...(workspace === undefined ? {} : { workspace }),
    ...(Object.keys(image).length > 0 ? { image } : {}),
  }
  return `${JSON.stringify({ ...own, ...existing }, null, 2)}\n`
}
