import { finishAction } from './finish-action.ts'
import { runStep } from './step.ts'

await runStep(async (context) => {
  await finishAction(context)
  return 0
})
