/** What a step tells the runner through files: outputs, state for the post step, the summary of the job. */
import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import type { ActionContext } from './context.ts'

/** The runner refuses a longer summary of a step. */
const maxSummaryBytes = 1024 * 1024

/** Sets an output of the step. */
export function setOutput(name: string, value: string, context: ActionContext): Promise<void> {
  return appendTo('GITHUB_OUTPUT', entry(name, value), context)
}

/** Keeps a value for the post step, which finds it as STATE_name. */
export function saveState(name: string, value: string, context: ActionContext): Promise<void> {
  return appendTo('GITHUB_STATE', entry(name, value), context)
}

/** Adds Markdown to the summary of the job; what is too long for it is left out, and said. */
export async function addSummary(markdown: string, context: ActionContext): Promise<void> {
  const fits = Buffer.byteLength(markdown) < maxSummaryBytes
  const text = fits
    ? markdown
    : '_The summary is too long for GitHub: see the log and the output `report`._\n'
  await appendTo('GITHUB_STEP_SUMMARY', text, context)
}

/** A value may have several lines, so a word that it cannot contain ends it. */
function entry(name: string, value: string): string {
  const end = `end-${randomUUID()}`
  return `${name}<<${end}\n${value}\n${end}\n`
}

/** Outside of a runner there is no file, and nobody to tell. */
async function appendTo(variable: string, text: string, { env }: ActionContext): Promise<void> {
  const file = env[variable]
  if (file) await appendFile(file, text)
}
