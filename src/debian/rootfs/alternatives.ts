/** Links that `update-alternatives` (1) keeps, for scripts whose calls of it are plain: `/usr/bin/awk`, `libblas.so.3` … */
import { compareText } from '../../base/index.ts'
import { type DraftEntry, symlink } from './draft-entry.ts'
import { commandsOf } from './script-commands.ts'

interface Alternative {
  /** the general name, below `/etc/alternatives` */
  name: string
  /** absolute path of the link to the general name */
  link: string
  /** absolute path that this package offers */
  path: string
  priority: number
  /** further links that go with it */
  slaves: readonly Omit<Alternative, 'priority' | 'slaves'>[]
}

/** Whether a command is a call that `alternativesOf` understands. */
export function isAlternative(command: string): boolean {
  return parseCall(command) !== undefined
}

/**
 * The links for the `postinst` scripts of packages: of several alternatives with one name the one of the highest priority,
 * of equal ones the first by path. `has` says which absolute paths are in the image; links to others are left out.
 */
export function alternativeLinks(scripts: readonly string[], has: (path: string) => boolean): DraftEntry[] {
  const best = new Map<string, Alternative>()
  const all = scripts.flatMap(commandsOf).map(parseCall)
  for (const candidate of all) {
    if (!candidate || !has(candidate.path)) continue
    const present = best.get(candidate.name)
    if (!present || order(candidate, present) < 0) best.set(candidate.name, candidate)
  }
  return [...best.values()]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((chosen) => [chosen, ...chosen.slaves.filter(({ path }) => has(path))])
    .flatMap(({ name, link, path }) => [
      symlink(`etc/alternatives/${name}`, path),
      symlink(link.slice(1), `/etc/alternatives/${name}`),
    ])
}

function order(a: Alternative, b: Alternative): number {
  return b.priority - a.priority || compareText(a.path, b.path)
}

/** `update-alternatives --install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]…`, all of it literal. */
function parseCall(command: string): Alternative | undefined {
  const match = /^update-alternatives (?:--(?:quiet|force) )*--install ([^$`;&|"'<>]+)$/.exec(
    command.replace(/( (\|\| (true|:)|>\/dev\/null|2>&1))+$/, '').replaceAll(/["']([^"'$`\s]*)["']/g, '$1'),
  )
  const [main = [], ...slaves] = (match?.[1] ?? '').split(' --slave ').map((part) => part.trim().split(' '))
  const [link, name, path, priority] = main
  if (!isPath(link) || name === undefined || !isPath(path) || !/^\d+$/.test(priority ?? '')) return undefined
  const parsed = slaves.map(([slaveLink, slaveName, slavePath]) => ({
    link: slaveLink,
    name: slaveName,
    path: slavePath,
  }))
  const isWhole = (slave: (typeof parsed)[number]): slave is Alternative['slaves'][number] =>
    isPath(slave.link) && slave.name !== undefined && isPath(slave.path)
  if ([name, ...parsed.map((slave) => slave.name)].some((given) => given?.includes('/'))) return undefined
  return { link, name, path, priority: Number(priority), slaves: parsed.filter(isWhole) }
}

function isPath(text: string | undefined): text is string {
  return text !== undefined && text.startsWith('/') && !text.split('/').includes('..')
}
