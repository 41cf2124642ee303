/** What npm does to a package after unpacking it, from its package.json and files. */
import { isRecord } from './json-record.ts'
import type { UnpackedPackage } from './package-source.ts'

/** The scripts that npm runs for a dependency, in its order. */
export interface InstallScripts {
  preinstall?: string
  install?: string
  postinstall?: string
}

/** Whether npm would run anything: an install script, `prepare` of a linked folder, or node-gyp for a lone `binding.gyp`. */
export function hasInstallStep(
  packageJson: Uint8Array | undefined,
  content: UnpackedPackage | undefined,
): boolean {
  const manifest = parseManifest(packageJson)
  if (Object.keys(installScripts(manifest)).length > 0) return true
  if (!content) return isRecord(manifest.scripts) && typeof manifest.scripts.prepare === 'string'
  return isImplicitlyCompiled(manifest, content)
}

/** npm runs `node-gyp rebuild` for a package with a `binding.gyp` and without preinstall or install script. */
export function isImplicitlyCompiled(
  manifest: Readonly<Record<string, unknown>>,
  content: UnpackedPackage,
): boolean {
  const { preinstall, install } = installScripts(manifest)
  return content.file('binding.gyp') !== undefined && manifest.gypfile !== false && !preinstall && !install
}

export function installScripts({ scripts }: Readonly<Record<string, unknown>>): InstallScripts {
  if (!isRecord(scripts)) return {}
  const events = ['preinstall', 'install', 'postinstall'] as const
  return Object.fromEntries(
    events.flatMap((event) => {
      const command = scripts[event]
      return typeof command === 'string' && command.trim() !== '' ? [[event, command]] : []
    }),
  )
}

/** A package.json as far as it can be read: a broken one has no scripts, as for npm. */
export function parseManifest(packageJson: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  if (!packageJson) return {}
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(packageJson))
    return isRecord(manifest) ? manifest : {}
  } catch {
    return {}
  }
}
