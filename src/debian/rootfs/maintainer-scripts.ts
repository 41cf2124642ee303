/**
 * Maintainer scripts are not run. What those of the default packages do is done by this room; those of other packages are
 * read, and a package whose scripts do more than is known to be needless in an image is named to the user.
 */
import type { Finding } from '../../base/index.ts'
import { isAlternative } from './alternatives.ts'
import { commandsOf } from './script-commands.ts'

/** Packages whose scripts do nothing that an image of this room misses, although they look otherwise. */
const reviewed = new Set([
  'bash', // claims /bin/sh, which dash has
  'coreutils', // repairs a link of an old version
  'dash', // claims /bin/sh, which it has among its files
  'libc-bin', // nsswitch.conf, which is there; the cache of ldconfig, which no default folder needs
  'libgcrypt20', // cleans up after an upgrade
  'passwd', // the group shadow, which is there
])

/** A finding about a package whose scripts would have done something, or undefined. */
export function examineScripts(name: string, control: ReadonlyMap<string, Uint8Array>): Finding | undefined {
  if (reviewed.has(name)) return undefined
  const commands = (script: string) => commandsOf(Buffer.from(control.get(script) ?? []).toString('utf8'))
  // Before a first installation there is little to do; what remains is for upgrades.
  const before = commands('preinst').find((command) =>
    /\b(dpkg-divert|adduser|useradd|addgroup|groupadd)\b/.test(command),
  )
  const after = commands('postinst').find((command) => !isAlternative(command))
  const [script, missed] = after === undefined ? ['preinst', before] : ['postinst', after]
  if (missed === undefined) return undefined
  const command = missed.length > 80 ? `${missed.slice(0, 79)}…` : missed
  return {
    rule: 'base/script-not-run',
    severity: 'warning',
    message: `the ${script} script of ${name} was not run; it would have done: ${command}`,
    hint: 'see whether the service needs it; if it does, take a base image from a registry, or make the files part of your project',
    details: { package: name, script, command },
  }
}

/** A finding about a package with libraries in a folder of its own, which only the cache of `ldconfig` makes known. */
export function examineLibraryFolders(
  name: string,
  control: ReadonlyMap<string, Uint8Array>,
): Finding | undefined {
  const files = Buffer.from(control.get('conffiles') ?? [])
    .toString('utf8')
    .split('\n')
  const file = files.find((path) => path.startsWith('/etc/ld.so.conf.d/'))
  if (file === undefined || reviewed.has(name)) return undefined
  return {
    rule: 'base/library-folder-not-searched',
    severity: 'warning',
    message: `${name} adds folders of libraries by ${file}, which the image's dynamic linker does not read`,
    hint: 'name the folders of that file in LD_LIBRARY_PATH',
    details: { package: name, file },
  }
}
