import { fileURLToPath } from 'node:url'
import { runAction } from './run-action.ts'
import { runStep } from './step.ts'

await runStep((context) => runAction({ program: fileURLToPath(new URL('cli.js', import.meta.url)) }, context))
