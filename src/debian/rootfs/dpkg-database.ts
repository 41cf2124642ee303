/**
 * `/var/lib/dpkg` as dpkg leaves it: `status`, which scanners and `dpkg --list` read, and for each package its list of files,
 * checksums and scripts.
 */
import { compareText } from '../../base/index.ts'
import { type DraftEntry, directory, textFile } from './draft-entry.ts'
import type { UnpackedPackage } from './unpack-package.ts'

const folder = 'var/lib/dpkg'

/** Control members that no installed system keeps (`control` goes into `status`), or that serve only debconf and builds. */
const notKept = new Set(['control', 'config', 'shlibs', 'symbols', 'templates'])
const scripts = new Set(['preinst', 'postinst', 'prerm', 'postrm'])

export function dpkgDatabase(packages: readonly UnpackedPackage[]): DraftEntry[] {
  const sorted = packages.toSorted((a, b) => compareText(a.name, b.name))
  return [
    directory(`${folder}/info`),
    textFile(`${folder}/info/format`, '1\n'),
    ...sorted.flatMap(infoFiles),
    directory(`${folder}/alternatives`),
    directory(`${folder}/parts`),
    directory(`${folder}/triggers`),
    directory(`${folder}/updates`),
    textFile(`${folder}/available`, ''),
    textFile(`${folder}/diversions`, ''),
    textFile(`${folder}/statoverride`, ''),
    textFile(`${folder}/status`, sorted.map(statusOf).join('\n')),
  ]
}

function infoFiles(unpacked: UnpackedPackage): DraftEntry[] {
  const { name, architecture, multiArch, control, paths } = unpacked
  // Only packages that may be there for several architectures have theirs in the name.
  const stem = `${folder}/info/${multiArch === 'same' ? `${name}:${architecture}` : name}`
  const list = paths.map((path) => `/${path === '' ? '.' : path}\n`).join('')
  const kept = [...control].filter(([member]) => !notKept.has(member))
  const files = new Map<string, Uint8Array>([...kept, ['list', Buffer.from(list)]])
  return [...files]
    .sort(([a], [b]) => compareText(a, b))
    .map(([member, content]) =>
      textFile(`${stem}.${member}`, content, { mode: scripts.has(member) ? 0o755 : 0o644 }),
    )
}

/** The package's own control fields, with the state that dpkg adds behind the name, and its configuration files. */
function statusOf({ control, configurationFiles }: UnpackedPackage): string {
  const fields = Buffer.from(control.get('control') ?? [])
    .toString('utf8')
    .trim()
    .split('\n')
  const lines = fields.filter((line) => line.trim() !== '')
  const at = lines.findIndex((line) => /^package:/i.test(line))
  lines.splice(at + 1, 0, 'Status: install ok installed')
  if (configurationFiles.size > 0) {
    const description = lines.findIndex((line) => /^description:/i.test(line))
    const entries = [...configurationFiles].map(([path, md5]) => ` /${path} ${md5}`)
    lines.splice(description < 0 ? lines.length : description, 0, 'Conffiles:', ...entries)
  }
  return `${lines.join('\n')}\n`
}
