import { nodeApiVersionOf, releasesWithNodeApi } from '../../elf/index.ts'
import type { PlatformRule } from '../rule.ts'

/** A Node-API addon that calls functions, or asks for a version, which the image's Node does not have. */
export const nodeApiTooNew: PlatformRule = {
  id: 'image/node-api-too-new',
  severity: 'error',
  *check(image) {
    const { node } = image
    if (node === undefined || node.nodeApiVersion === 0) return
    for (const { file, content, package: owner } of image.sound) {
      const { addon, nodeApiImports } = content.elf
      if (addon?.api !== 'node-api') continue
      const known = node.nodeApiFunctions
      const absent = known.size === 0 ? [] : nodeApiImports.filter((name) => !known.has(name))
      if (absent.length === 0 && addon.nodeApiVersion <= node.nodeApiVersion) continue
      const version = Math.max(addon.nodeApiVersion, nodeApiVersionOf(absent))
      const wanted = version > node.nodeApiVersion ? `Node-API ${version}` : listed(absent)
      const releases = releasesWithNodeApi(version)
      yield {
        file,
        message: `needs ${wanted}, the image's Node${node.version ? ` ${node.version}` : ''} offers Node-API ${node.nodeApiVersion}`,
        hint: `use ${releases ?? 'a newer Node'}, or a version of ${owner?.name ?? 'the addon'} for an older Node-API`,
        details: { expected: node.nodeApiVersion, found: version, absent },
      }
    }
  },
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more functions` : shown
}
