/** everyarch.config.json: what should not be typed each time, and nothing that everyarch finds by itself. */
import type { ProjectFacts } from './project-facts.ts'

export interface ConfigurationFacts {
  readonly workspace: string | undefined
  /** a base that was asked for, where the images are made from the configuration and not from the Dockerfile */
  readonly base: string | undefined
  /** the command that the user gave, when the project does not say it */
  readonly cmd: readonly string[] | undefined
}

/** Next lists its compiler as an optional dependency, and its trace leaves it out. */
const withoutCompiler = {
  rule: 'image/missing-prebuild',
  path: 'app/node_modules/next',
  reason: 'SWC is for the build; the standalone server does not load it',
}

/** Pure. The text ends with a line end. */
export function toConfigurationFile(
  { platforms, health, framework }: ProjectFacts,
  { workspace, base, cmd }: ConfigurationFacts,
): string {
  const image = {
    ...(health ? { ports: [`${health.port}/tcp`] } : {}),
    ...(cmd ? { cmd } : {}),
  }
  const own = {
    $schema: './node_modules/everyarch/config.schema.json',
    platforms,
    ...(base === undefined ? {} : { base }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(Object.keys(image).length > 0 ? { image } : {}),
    ...(framework === 'next-standalone' ? { verify: { ignore: [withoutCompiler] } } : {}),
  }
  return `${JSON.stringify(own, null, 2)}\n`
}
