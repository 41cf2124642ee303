/**
 * Maintainer scripts are not run. What those of the default packages do is done by this room; those of other packages are
 * read, and a package whose scripts do more than is known to be needless in an image is named to the user.
 */
import type { Finding } from '../../base/index.ts'

/**
 * Debian packages beyond the default set whose scripts, as of the suites that are supported, do nothing that an image
 * misses: dash and bash only claim or register `/bin/sh`, which their files have already.
 */
const reviewed = new Set(['bash', 'dash', 'libpam0g', 'libssl1.1', 'libssl3', 'zlib1g'])

/** Generators of debhelper whose additions serve upgrades, services, menus and caches. */
const needlessSections =
  /^(dh_installdeb|dh_installinit|dh_installsystemd|dh_installmenu|dh_installmime|dh_installxfonts|dh_installlogrotate|dh_makeshlibs|dh_icons|dh_python3|dh_ucf|dh_installdocs|dh_installinfo)\b/

/** Lines that do nothing by themselves. */
const needlessLines = [
  /^set [-+][a-z]+$/,
  /^exit 0$/,
  /^case .* in$/,
  /^(if|elif) [^;]*(; ?then)?$/,
  /^(then|else|fi|esac|do|done|;;|:|true|\{|\})$/,
  /^\(?["'\w*|\s-]+\)(\s*;;)?$/,
  /^(echo|printf) [^|>`$]*$/,
  /^echo .*>&2$/,
  /^ldconfig$/,
  /^exit \d+$/,
  /^dpkg-trigger .*$/,
  /^dpkg-maintscript-helper .*$/,
]

/** A finding about a package whose scripts would have done something, or undefined. */
export function examineScripts(name: string, control: ReadonlyMap<string, Uint8Array>): Finding | undefined {
  if (reviewed.has(name)) return undefined
  for (const script of ['preinst', 'postinst']) {
    const missed = firstCommand(Buffer.from(control.get(script) ?? []).toString('utf8'))
    if (missed === undefined) continue
    return {
      rule: 'base/script-not-run',
      severity: 'warning',
      message: `the ${script} script of ${name} was not run; it would have done: ${missed}`,
      hint: `see whether the service needs it; if it does, take a base image from a registry, or make the files part of your project`,
      details: { package: name, script, command: missed },
    }
  }
  return undefined
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
  if (file === undefined) return undefined
  return {
    rule: 'base/library-folder-not-searched',
    severity: 'warning',
    message: `${name} adds folders of libraries by ${file}, which the image's dynamic linker does not read`,
    hint: 'name the folders of that file in LD_LIBRARY_PATH',
    details: { package: name, file },
  }
}

/** The first line of a script that does something, shortened; undefined when there is none. */
function firstCommand(script: string): string | undefined {
  let section: string | undefined
  for (const raw of script.split('\n')) {
    const line = raw.trim()
    const begun = /^# Automatically added by (\S+)/.exec(line)
    if (begun) section = begun[1]
    else if (line.startsWith('# End automatically added section')) section = undefined
    else if (
      line !== '' &&
      !line.startsWith('#') &&
      !(section !== undefined && needlessSections.test(section))
    ) {
      if (!needlessLines.some((pattern) => pattern.test(line)))
        return line.length > 80 ? `${line.slice(0, 79)}…` : line
    }
  }
  return undefined
}
