export { DockerfileError, type DockerfileErrorCode } from './dockerfile-error.ts'
export { type EscapeCharacter, type ExpandOptions, type Expansion, expand, type Lookup } from './expand.ts'
export {
  type ArgInstruction,
  type CommandInstruction,
  type CopyInstruction,
  type DockerfileProblem,
  expandedWords,
  type Flag,
  type FromInstruction,
  flagOf,
  type Heredoc,
  type Instruction,
  type Keyword,
  type Mount,
  type MountField,
  mountField,
  type NamedValue,
  type NamesInstruction,
  type OnbuildInstruction,
  type RunInstruction,
  type Word,
  type WordsInstruction,
} from './instruction.ts'
export {
  type Comment,
  type Directive,
  type Dockerfile,
  parseDockerfile,
  type Stage,
} from './parse-dockerfile.ts'
export { runCommands } from './run-commands.ts'
export {
  type BuildPlatform,
  buildPlatform,
  expandIn,
  platformArgumentNames,
  type Scope,
  type Variable,
} from './scope.ts'
export { type ShellCommand, type ShellWord, shellCommands } from './shell-command.ts'
export {
  type BuildRequest,
  dependenciesOf,
  type ResolvedStage,
  type RunsOn,
  resolveStages,
  type StageGraph,
  type StageSource,
  type Step,
} from './stage-graph.ts'
