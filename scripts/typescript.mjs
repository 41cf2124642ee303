/**
 * Lets Node 20 import the project's TypeScript: `node --import ./scripts/typescript.mjs FILE.ts`, or import this first.
 * Newer versions of Node strip types themselves; with this one road there is one behaviour on all of them.
 */
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'

// Node runs the hook below in a thread of its own, where this same file is loaded as the hooks' module.
if (!import.meta.url.includes('?hooks')) register('./typescript.mjs?hooks', import.meta.url)

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const { transform } = await import('esbuild')
  const file = fileURLToPath(url)
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    sourcefile: file,
    sourcemap: 'inline',
    target: 'node20',
  })
  return { format: 'module', source: code, shortCircuit: true }
}
