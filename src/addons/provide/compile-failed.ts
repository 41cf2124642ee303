/** How a compile that failed is told of. */
import { AddonError } from '../addon-error.ts'
import type { AddonTask } from './addon-task.ts'
import type { StepOutcome } from './run-step.ts'

/** What node-gyp and npm say of themselves, and not of the compiler's trouble. */
const ofTools = /^gyp (?:info|verb|http|ERR! (?:stack|System|command|cwd|node|not ok))|^npm /
/** Lines of the compiler that the error repeats. */
const shownLines = 25

/** Its message names the package and the platform, its hint repeats the compiler's last words. `how`: what compiled it. */
export function compileFailed(task: AddonTask, { exitCode, tail }: StepOutcome, how: string): AddonError {
  const { name, platform } = task
  const lines = tail.filter((line) => !ofTools.test(line)).slice(-shownLines)
  return new AddonError(
    'ADDON_COMPILE_FAILED',
    `${name} could not be compiled for ${platform} (${how}, exit code ${exitCode})`,
    {
      kind: 'environment',
      hint: [
        ...lines.map((line) => `| ${line}`),
        `headers or libraries that it lacks are named under "addons": {"${task.package.name}": {"packages": ["lib…-dev"]}}; --engine buildkit compiles it as on the platform itself`,
      ].join('\n'),
      details: { package: name, platform, exitCode, toolchain: how, output: lines },
    },
  )
}
