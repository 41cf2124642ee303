/** Where builds write their caches. */
import { type ImageBuild, optionsOf } from '../builds/image-build.ts'

/** What a cache is written to; undefined when it is not known or has room for several builds. */
export function cachePlace(text: string): string | undefined {
  const options = optionsOf(text)
  const type = options.get('type')
  if (type === 'gha')
    return isOpen(options.get('scope')) ? undefined : `scope "${options.get('scope') ?? 'buildkit'}"`
  if (type === 'registry') return isOpen(options.get('ref')) ? undefined : options.get('ref')
  return undefined
}

/** An expression that is left may tell the builds apart, unless it is the same for a whole run. */
function isOpen(text: string | undefined): boolean {
  const rest = text?.replaceAll(
    /\$\{\{\s*(?:github\.(?:ref_name|ref|repository|sha|workflow|repository_owner)|env\.\w+|vars\.\w+)\s*\}\}/gu,
    '',
  )
  return rest?.includes('$') ?? false
}

/** Whether two builds make different things, as far as both are known. */
export function buildsDiffer(a: ImageBuild, b: ImageBuild): boolean {
  const what = ({ platforms, dockerfile, context, target }: ImageBuild) =>
    JSON.stringify([platforms, dockerfile, context, target])
  return a.platforms !== undefined && b.platforms !== undefined && what(a) !== what(b)
}
