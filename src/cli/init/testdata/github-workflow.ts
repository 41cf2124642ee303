/** GitHub's own workflow parser as a judge: the mistakes that it finds in a workflow, of schema and of expressions. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

type Parser = typeof import('@actions/workflow-parser')

let loaded: Promise<Parser> | undefined

/** The package imports JSON in a way that Node refuses: as one bundle it needs no imports. */
async function loadParser(): Promise<Parser> {
  const folder = mkdtempSync(join(tmpdir(), 'everyarch-workflow-parser-'))
  try {
    const outfile = join(folder, 'parser.cjs')
    await build({
      entryPoints: ['@actions/workflow-parser'],
      absWorkingDir: import.meta.dirname,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      logLevel: 'error',
      outfile,
    })
    return createRequire(import.meta.url)(outfile) as Parser
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The messages, and how many jobs the workflow has. */
export async function judgeWorkflow(content: string): Promise<{ mistakes: string[]; jobs: number }> {
  loaded ??= loadParser()
  const parser = await loaded
  const trace = new parser.NoOperationTraceWriter()
  const { context, value } = parser.parseWorkflow({ name: 'image.yml', content }, trace)
  const mistakes = context.errors.getErrors().map(({ message }) => message)
  if (mistakes.length > 0 || value === undefined) return { mistakes, jobs: 0 }
  const template = await parser.convertWorkflowTemplate(context, value)
  return { mistakes: (template.errors ?? []).map(({ Message }) => Message), jobs: template.jobs.length }
}
