/**
 * What a maintainer script would do on a first installation, read without a shell: its lines, less those that do nothing by
 * themselves, less blocks that are for upgrades and triggers, less what debhelper adds for those. It is a reading, not a
 * proof: what it cannot tell counts as something that is done.
 */

/** Generators of debhelper whose additions serve upgrades, services, menus and caches of byte code. */
const needlessSections =
  /^dh_(icons|installdeb|installdocs|installinfo|installinit|installlogrotate|installmenu|installmime|installsystemd|installsystemduser|installxfonts|makeshlibs|python3|ucf)\b/

/** Beginnings of blocks that are skipped when a package is installed for the first time. */
const otherOccasions = [
  /^if .*"\$1" = ["']?triggered\b/,
  /^if .*(-n "\$2"|"\$2" != ""|"x\$2" != "x"|"\$1" = ["']?upgrade\b)/,
  /^if .*dpkg --compare-versions ["']?\$2["']? [lg][et]-nl\b/,
]

const needlessLines = [
  /^set [-+][a-z]+$/,
  /^(exit|return)( \d+)?$/,
  /^case .* in$/,
  /^(if|elif) [^;]*(; ?then)?$/,
  /^(then|else|fi|esac|do|done|;;|:|true|shift|\{|\})$/,
  /^\(?["'\w*|\s-]+\)(\s*;;)?$/,
  /^(local|export|umask) [\w\s]+$/,
  /^((local|export|readonly) )?\w+=("[^"]*"|'[^']*'|\$\([^)]*\)|`[^`]*`|[^\s;]*)$/,
  /^(echo|printf) [^|>`$]*$/,
  /^(echo|printf) .*>&2$/,
  /^\. \/usr\/share\/debconf\/confmodule$/,
  /^db_\w+\b[^;|&]*(\|\| (true|:))?$/,
  /^(rm|rmdir) [^;|&]*(\|\| true)?$/,
  /^(deb-systemd-(helper|invoke)|invoke-rc\.d|ldconfig|systemctl|update-rc\.d|dpkg-maintscript-helper|dpkg-trigger)\b/,
  /^update-alternatives .*--(remove|auto)\b/,
]

/** The lines that do something, each with its continuations joined, in order. */
export function commandsOf(script: string): string[] {
  const commands: string[] = []
  let section: string | undefined
  let skippedBlocks = 0
  let functionEnd: string | undefined
  for (const raw of script.replaceAll(/\\\n/g, ' ').split('\n')) {
    const line = raw
      .trim()
      .replaceAll(/\s+/g, ' ')
      .replace(/ # .*$/, '')
    if (functionEnd !== undefined) {
      if (raw.trimEnd() === functionEnd) functionEnd = undefined
    } else if (skippedBlocks > 0) {
      if (/^if\b/.test(line) && !/\bfi$/.test(line)) skippedBlocks++
      if (line === 'fi') skippedBlocks--
    } else if (line.startsWith('# Automatically added by '))
      section = line.slice('# Automatically added by '.length)
    else if (line.startsWith('# End automatically added section')) section = undefined
    else if (line === '' || line.startsWith('#') || needlessSections.test(section ?? '')) continue
    else if (/^[\w-]+ ?\(\)( ?\{)?$/.test(line)) functionEnd = `${/^\s*/.exec(raw)?.[0] ?? ''}}`
    else if (otherOccasions.some((pattern) => pattern.test(line)) && !/\bfi$/.test(line)) skippedBlocks = 1
    else if (!needlessLines.some((pattern) => pattern.test(line))) commands.push(line)
  }
  return commands
}
