/** docker-bake.hcl: the same image for those who build with buildx alone. */
import { keyOf } from './pipeline/commands.ts'
import type { PipelineChoices } from './pipeline/pipeline-choices.ts'
import { cacheAttributes } from './pipeline/registry.ts'
import type { ProjectFacts } from './project-facts.ts'

/** Pure. The text ends with a line end. */
export function toBakeFile(
  { platforms, secretNpmrc, npmrcVariables }: ProjectFacts,
  { image }: PipelineChoices,
): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`
  const secrets = [
    ...(secretNpmrc ? ['id=npmrc,src=.npmrc'] : []),
    ...npmrcVariables.map((name) => `id=${name},env=${name}`),
  ]
  const cache = '${IMAGE}:buildcache'
  const perPlatform = platforms.map(
    (platform) => `# ${platform} alone, for a machine of that CPU; its cache is its own
target "image-${keyOf(platform)}" {
  inherits   = ["_common"]
  platforms  = ${list([platform])}
  cache-from = ${list([`type=registry,ref=${cache}-${keyOf(platform)}`])}
  cache-to   = ${list([`type=registry,ref=${cache}-${keyOf(platform)},mode=max${cacheAttributes(image)}`])}
}`,
  )
  return `# docker buildx bake            builds all platforms
# docker buildx bake image-arm64   one of them
# Nothing here pushes a tag that was not proved: everyarch build does that, from the same Dockerfile.
variable "IMAGE" {
  default = "${image}"
}

variable "TAG" {
  default = "dev"
}

group "default" {
  targets = ["image"]
}

target "_common" {
  context    = "."
  dockerfile = "Dockerfile"${secrets.length > 0 ? `\n  secret     = ${list(secrets)}` : ''}
}

target "image" {
  inherits   = ["_common"]
  platforms  = ${list(platforms)}
  tags       = ["\${IMAGE}:\${TAG}"]
  cache-from = ${list([`type=registry,ref=${cache}`])}
  cache-to   = ${list([`type=registry,ref=${cache},mode=max${cacheAttributes(image)}`])}
}

${perPlatform.join('\n\n')}
`
}
