/** A comparison of two images for people: what differs, platform by platform; what was left out, and why. */
import type { Comparison, ConfigDifference, FileDifference, PlatformComparison } from '../compare/index.ts'
import { count } from './quantity.ts'
import { type Styles, styles } from './style.ts'

/** Differences shown for a platform; the rest is counted. */
const shown = 40

export function comparisonText(comparison: Comparison, { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const { a, b, platforms, missing, same } = comparison
  const lines = [`a  ${a.name}  ${style.dim(a.digest)}`, `b  ${b.name}  ${style.dim(b.digest)}`, '']
  for (const platform of platforms) lines.push(...platformLines(platform, style))
  for (const { platform, in: side } of missing)
    lines.push(`${style.red('✗')} ${platform}  only ${side === 'a' ? 'b' : 'a'} has it`)
  lines.push('', same ? 'the images are the same' : style.red('the images differ'))
  return `${lines.join('\n')}\n`
}

function platformLines(comparison: PlatformComparison, style: Styles): string[] {
  const { platform, same, sameLayers, differences, noise, config, times, entries } = comparison
  const verdict = sameLayers
    ? 'the same layers'
    : same
      ? `${count(entries.b, 'entry', 'entries')} the same`
      : count(differences.length + config.length, 'difference')
  const lines = [`${same ? style.green('✓') : style.red('✗')} ${platform}  ${verdict}`]
  lines.push(...differences.slice(0, shown).map((each) => `    ${fileText(each, style)}`))
  if (differences.length > shown) lines.push(`    and ${differences.length - shown} more (--json lists all)`)
  lines.push(...config.map((each) => `    ${configText(each, style)}`))
  const left = noiseTexts(noise)
  if (times > 0 && !differences.some(({ kind }) => kind === 'time'))
    left.push(`${count(times, 'modification time')} (--times)`)
  if (left.length > 0) lines.push(style.dim(`    left out: ${left.join(' · ')}`))
  return lines
}

function fileText({ path, kind, a, b, below }: FileDifference, style: Styles): string {
  const name = style.bold(`/${path}`)
  const more = below === undefined ? '' : `, ${count(below, 'entry', 'entries')} below`
  if (kind === 'only-in-a') return `- ${name}  only in a (${a ?? ''}${more})`
  if (kind === 'only-in-b') return `+ ${name}  only in b (${b ?? ''}${more})`
  return `~ ${name}  ${kind}: ${shortened(a)} in a, ${shortened(b)} in b`
}

function configText({ field, a, b }: ConfigDifference, style: Styles): string {
  return `~ ${style.bold(field)}  ${a ?? 'nothing'} in a, ${b ?? 'nothing'} in b`
}

/** Digests by their first twelve digits. */
function shortened(text = 'nothing'): string {
  return text === '' ? 'nothing' : text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]+/u, '$1…')
}

/** Each reason once, with how often. */
function noiseTexts(noise: PlatformComparison['noise']): string[] {
  const byReason = new Map<string, string[]>()
  for (const { why, path } of noise) byReason.set(why, [...(byReason.get(why) ?? []), path])
  return [...byReason].map(([why, paths]) => {
    const [first = ''] = paths
    return `${why} (/${first}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''})`
  })
}
