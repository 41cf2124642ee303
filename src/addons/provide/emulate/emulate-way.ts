/** Compiling in a root of the base image, by the platform's own programs, as the last way to a binary. */
import { npmTargetOf } from '../../../npm/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import { AddonError } from '../../addon-error.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { compiledOnce, sourcesKey } from '../compiled-once.ts'
import { compileHistory } from '../compile-history.ts'
import { nodeGypVersion } from '../node-gyp.ts'
import { nodeVersionOf, openNodeKit } from '../node-kit.ts'
import { recipeOf } from '../recipe.ts'
import type { Way } from '../way.ts'
import type { WorkSlots } from '../work-slots.ts'
import { emulateAddon, type EmulateInput } from './emulate-addon.ts'

/** Changed when the same input would give another binary than an earlier release gave. */
const formatVersion = 1

/** Throws `AddonError` `ADDON_CANNOT_EMULATE` where this machine cannot run the platform's programs, and what compiling throws. */
export function emulateWay(tools: AddonTools, slots: WorkSlots): Way {
  return async (task, { signal }) => {
    const { target } = task
    const execution = await tools.roots.execution(target.platform, { signal })
    if (execution.how === 'impossible') throw cannotEmulate(task, execution.cause)
    const version = nodeVersionOf(task)
    const node = await openNodeKit({ version, cpu: npmTargetOf(target).cpu }, tools, { signal })
    const recipe = recipeOf(task)
    const jobs = Math.min(recipe.jobs ?? slots.jobs, slots.jobs)
    const how = execution.how === 'emulated' ? 'under emulation' : 'in a root of the base image'
    const input: EmulateInput = { task, recipe, node, jobs, how }
    return compiledOnce(
      {
        task,
        keyFor: (abi) => binaryKey(input, abi),
        abi: node.abi,
        how,
        history: compileHistory(task, 'emulated', tools.cache),
        make: () => emulateAddon(input, tools, { signal }),
      },
      tools,
      { signal },
    )
  }
}

function binaryKey({ task, recipe }: EmulateInput, abi: string): string {
  const { target, settings } = task
  return JSON.stringify([
    'emulate',
    formatVersion,
    ...sourcesKey(task),
    abi,
    formatPlatform(target.platform),
    target.base.key,
    nodeGypVersion(),
    recipe,
    settings.strip ?? true,
  ])
}

function cannotEmulate({ name, platform }: AddonTask, { text, hint }: { text: string; hint?: string }) {
  return new AddonError(
    'ADDON_CANNOT_EMULATE',
    `${name} cannot be compiled for ${platform} in a root of the base image: ${text}`,
    { kind: 'environment', ...(hint ? { hint } : {}), details: { package: name, platform } },
  )
}
