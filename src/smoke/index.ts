export type { Cause } from './cause/cause.ts'
export { parseHttpReadiness } from './http-readiness.ts'
export {
  type AddonsProbe,
  type CommandProbe,
  type ComposeProbe,
  defaultProbes,
  type Expectation,
  type Probe,
  type ProbeSettings,
  type Readiness,
  type StartProbe,
} from './probe.ts'
export { parseMemory } from './memory.ts'
export { probesFromConfiguration } from './probes-from-configuration.ts'
export { chooseRunners, type RunnerChoice, type RunnerName, runnerNames } from './runners/choose-runners.ts'
export { executionHere } from './runners/emulation.ts'
export { workRoots } from './runners/root-folder/work-roots.ts'
export type { Runner } from './runners/runner.ts'
export { smokeImage, type SmokeOptions } from './smoke-image.ts'
export { SmokeError, type SmokeErrorCode } from './smoke-error.ts'
export type { AddonResult, PlatformSmoke, ProbeResult, SmokeReport } from './smoke-report.ts'
