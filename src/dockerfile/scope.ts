/**
 * Variables at a point of a Dockerfile. BuildKit keeps one list in which ARG and ENV set values in the order in which they
 * stand; a stage begins with its parent's list, and the platform arguments are in it only after `ARG name`.
 */
import { type EscapeCharacter, expand } from './expand.ts'

export interface Variable {
  readonly value: string
  readonly origin: 'platform' | 'argument' | 'environment' | 'base'
  /** the automatic platform arguments that the value was made from, directly or through other variables */
  readonly platformArguments: ReadonlySet<string>
}

export type Scope = ReadonlyMap<string, Variable>

/** A value with what it was made from. */
export interface ScopedValue {
  readonly value: string
  readonly platformArguments: ReadonlySet<string>
  /** variables that were asked for and not set */
  readonly unset: ReadonlySet<string>
}

/** Expands a word in a scope. Throws `DockerfileError`. */
export function expandIn(scope: Scope, word: string, escape: EscapeCharacter): ScopedValue {
  const { value, used, unset } = expand(word, (name) => scope.get(name)?.value, { escape })
  const platformArguments = new Set<string>()
  for (const name of used)
    for (const origin of scope.get(name)?.platformArguments ?? []) platformArguments.add(origin)
  return { value, platformArguments, unset }
}

/** `os/architecture[/variant]`, with the fields that the OCI specification uses. */
export interface BuildPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** The platform that a text such as `linux/arm/v7` names; whether there is such a one is not looked at. */
export function buildPlatform(text: string): BuildPlatform {
  const [os = '', architecture = '', variant] = text.split('/')
  return { os, architecture, ...(variant ? { variant } : {}) }
}

export function platformText({ os, architecture, variant }: BuildPlatform): string {
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`
}

/** The automatic platform arguments: global from the start, in a stage only after `ARG name`. */
export const platformArgumentNames: ReadonlySet<string> = new Set(
  ['BUILD', 'TARGET'].flatMap((side) => ['PLATFORM', 'OS', 'ARCH', 'VARIANT'].map((part) => side + part)),
)

/** The values of the automatic platform arguments for a build. */
export function platformScope(
  build: BuildPlatform,
  target: BuildPlatform,
  buildArgs: Readonly<Record<string, string>>,
): Map<string, Variable> {
  const scope = new Map<string, Variable>()
  for (const [side, platform] of [['BUILD', build] as const, ['TARGET', target] as const]) {
    const parts = {
      PLATFORM: platformText(platform),
      OS: platform.os,
      ARCH: platform.architecture,
      VARIANT: platform.variant ?? '',
    }
    for (const [part, value] of Object.entries(parts)) {
      const name = side + part
      const given = buildArgs[name]
      // A value given with --build-arg no longer depends on the platform.
      const variable: Variable =
        given === undefined
          ? { value, origin: 'platform', platformArguments: new Set([name]) }
          : { value: given, origin: 'argument', platformArguments: new Set() }
      scope.set(name, variable)
    }
  }
  return scope
}
