/** Builds that a bake file describes. */
import type { BakeAttribute, BakeTarget, BakeText } from '../../workflow/index.ts'
import { joinPath, type ProjectFile } from '../project-file.ts'
import { contextPath, type ImageBuild, type Setting } from './image-build.ts'

/** The targets that build something: those that others inherit from and that have no tags of their own are parts. */
export function bakeBuilds(file: ProjectFile, targets: readonly BakeTarget[]): ImageBuild[] {
  const inherited = new Set(targets.flatMap((target) => target.inherits))
  return targets
    .filter((target) => !inherited.has(target.name) || target.own.has('tags'))
    .map((target) => toBuild(file, target))
}

function toBuild(file: ProjectFile, { attributes, range }: BakeTarget): ImageBuild {
  const platforms = attributes.get('platforms')
  const known = (name: string) => knownText(attributes.get(name)?.values?.[0])
  const context = attributes.has('context') ? known('context') : '.'
  const folder = context === undefined ? undefined : contextPath(context, file)
  const dockerfile = known('dockerfile')
  const target = known('target')
  const outputs = settings(attributes.get('output'))
  return {
    origin: 'bake',
    file,
    range,
    platforms: platforms ? knownPlatforms(platforms) : [],
    ...(platforms?.values?.[0] ? { platformSetting: { text: 'platforms', range: platforms.range } } : {}),
    context: attributes.has('dockerfile-inline') ? undefined : folder,
    dockerfile: dockerfile !== undefined && folder !== undefined ? joinPath(folder, dockerfile) : undefined,
    ...(target === undefined ? {} : { target }),
    tags: settings(attributes.get('tags')),
    push: outputs.some((output) => output.text.includes('type=registry')) ? true : undefined,
    load: outputs.some((output) => /type=docker/u.test(output.text)),
    outputs,
    cacheTo: settings(attributes.get('cache-to')),
    cacheFrom: settings(attributes.get('cache-from')),
  }
}

function knownText(text: BakeText | undefined): string | undefined {
  return text && !text.unknown ? text.text : undefined
}

function knownPlatforms({ values }: BakeAttribute): string[] | undefined {
  return values?.every((value) => !value.unknown) ? values.map((value) => value.text) : undefined
}

function settings(attribute: BakeAttribute | undefined): Setting[] {
  return (attribute?.values ?? []).map(({ text, range }) => ({ text, range }))
}
