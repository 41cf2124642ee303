/** A plan for people: one line a decision, each with its reason. */
import type { PlanReport } from '../pipeline/index.ts'
import { styles } from './style.ts'

/** Packages named for a platform; the rest is counted. */
const namedPackages = 6

export function planText(plan: PlanReport, { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const line = (head: string, text: string, why = '') =>
    `${style.bold(head.padEnd(9))}${text}${why ? style.dim(`  ${why}`) : ''}`
  const lines = [
    line('engine', plan.engine, '(no container engine, no emulation)'),
    line('node', plan.node.version, plan.node.reason),
    line('base', plan.base.digest ? `${plan.base.name}@${plan.base.digest}` : plan.base.name),
    ...plan.scripts.map(({ event, command }) => line('build', command, `once, on this machine (${event})`)),
    ...(plan.scripts.length === 0 ? [line('build', 'nothing to run', '(no build script)')] : []),
    ...plan.skippedScripts.map(({ event, reason }) => line('', `${event} is not run: ${reason}`)),
    line('app', `${plan.outputs.selects.join(', ') || 'everything'} → ${plan.folder}`, plan.outputs.reason),
    ...plan.platforms.map((platform) => line('platform', platformText(platform))),
  ]
  return `${lines.join('\n')}\n`
}

function platformText({
  platform,
  libc,
  sharedPackages,
  ownPackages,
}: PlanReport['platforms'][number]): string {
  const named = ownPackages.slice(0, namedPackages).join(', ')
  const more = ownPackages.length > namedPackages ? ` and ${ownPackages.length - namedPackages} more` : ''
  const own = ownPackages.length > 0 ? `, ${ownPackages.length} of its own: ${named}${more}` : ''
  return `${platform} (${libc})  ${sharedPackages} packages shared${own}`
}
