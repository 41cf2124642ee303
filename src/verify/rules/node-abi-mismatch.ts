import { nodeOfAbi } from '../../elf/index.ts'
import type { PlatformRule } from '../rule.ts'

/** An addon compiled for another NODE_MODULE_VERSION than the image's Node has. */
export const nodeAbiMismatch: PlatformRule = {
  id: 'image/node-abi-mismatch',
  severity: 'error',
  *check(image) {
    const { node } = image
    if (node?.abi === undefined) return
    for (const { file, content, package: owner } of image.sound) {
      const { addon } = content.elf
      if (addon?.api !== 'node' || addon.abis.length === 0 || addon.abis.includes(node.abi)) continue
      const built = addon.abis
        .map((abi) => `${abi}${nodeOfAbi(abi) ? ` (${nodeOfAbi(abi)})` : ''}`)
        .join(', ')
      yield {
        file,
        message: `is compiled for Node ABI ${built}, the image's Node${node.version ? ` ${node.version}` : ''} has ABI ${node.abi}`,
        hint: `install ${owner?.name ?? 'it'} with the Node version that the image runs: use one Node major in all stages`,
        details: { expected: node.abi, found: addon.abis, node: node.version ?? null },
      }
    }
  },
}
