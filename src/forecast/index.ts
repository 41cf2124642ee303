export {
  type BuilderFacts,
  type BuilderNode,
  type Execution,
  executionOf,
  executionText,
  machineBuilder,
  nodeFor,
} from './builder-facts.ts'
export { baseImageOf, type Libc, rootImageOf } from './facts/base-image.ts'
export {
  isCarrier,
  nameAndVersion,
  nativePackages,
  needsCompiler,
  needsScript,
} from './facts/native-packages.ts'
export {
  flagValue,
  hasFlag,
  installOf,
  isScriptBuild,
  type Manager,
  systemPackagesOf,
} from './facts/package-command.ts'
export { architectureOf, npmCpu, platformOfName } from './facts/platform-package.ts'
export {
  absolute,
  bringsNodeModules,
  commandsOf,
  describeStage,
  executedCommands,
  isChosenByPlatform,
  isScriptOutput,
  lineageOf,
  neededStages,
  stageCopies,
  workingFolder,
} from './facts/stages.ts'
export type {
  Forecast,
  NodeForecast,
  PlatformForecast,
  StageForecast,
  StageNeed,
  StepForecast,
} from './forecast.ts'
export { forecastDockerfile, type ForecastOptions } from './forecast-dockerfile.ts'
