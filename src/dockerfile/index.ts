export { DockerfileError, type DockerfileErrorCode } from './dockerfile-error.ts'
export { type EscapeCharacter, expand, type Expansion, type ExpandOptions, type Lookup } from './expand.ts'
export {
  type ArgInstruction,
  type CommandInstruction,
  type CopyInstruction,
  type DockerfileProblem,
  type Flag,
  flagOf,
  type FromInstruction,
  type Heredoc,
  type Instruction,
  type Keyword,
  type Mount,
  mountField,
  type MountField,
  type NamedValue,
  type NamesInstruction,
  type OnbuildInstruction,
  type RunInstruction,
  type Word,
  type WordsInstruction,
} from './instruction.ts'
export { LogicalText } from './logical-text.ts'
export {
  type Comment,
  type Directive,
  type Dockerfile,
  parseDockerfile,
  type Stage,
} from './parse-dockerfile.ts'
export { runCommands } from './run-commands.ts'
export { type BuildPlatform, expandIn, platformArgumentNames, type Scope, type Variable } from './scope.ts'
export { shellCommands, type ShellCommand, type ShellWord } from './shell-command.ts'
export {
  type BuildRequest,
  dependenciesOf,
  type ResolvedStage,
  resolveStages,
  type RunsOn,
  type StageGraph,
  type StageSource,
  type Step,
} from './stage-graph.ts'
