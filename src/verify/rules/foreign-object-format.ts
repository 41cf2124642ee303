import { nameOf } from '../tree/file-tree.ts'
import type { PlatformRule } from '../rule.ts'

const names = { 'mach-o': 'a macOS (Mach-O)', pe: 'a Windows (PE)' } as const

/** An addon for macOS or Windows at the place where Node looks first. */
export const foreignObjectFormat: PlatformRule = {
  id: 'image/foreign-object-format',
  severity: 'error',
  *check(image) {
    for (const { file, content, package: owner } of image.checked) {
      if (content.kind !== 'object' || !nameOf(file.path).endsWith('.node')) continue
      yield {
        file,
        message: `is ${names[content.format]} file${content.architectures.length > 0 ? ` for ${content.architectures.join(', ')}` : ''}, and Node on Linux would load it`,
        hint: `delete it before packing${owner ? `, and install or compile ${owner.name} for Linux` : ''}; keep node_modules of the development machine out of the build context (.dockerignore)`,
        details: { format: content.format, architectures: content.architectures },
      }
    }
  },
}
