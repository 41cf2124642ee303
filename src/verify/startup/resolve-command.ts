/** Looking a command up as a container runtime does, and reading what a script asks for. */
import type { FileTree, TreeNode } from '../tree/file-tree.ts'
import { searchPath } from './search-path.ts'

export type CommandLookup =
  | { outcome: 'found'; file: TreeNode }
  | { outcome: 'not-executable'; file: TreeNode }
  | { outcome: 'not-found' }

export interface Surroundings {
  tree: FileTree
  env: readonly string[]
  /** absolute */
  workingDirectory: string
}

export function resolveCommand(
  command: string,
  { tree, env, workingDirectory }: Surroundings,
): CommandLookup {
  const paths = command.includes('/')
    ? [absolute(command, workingDirectory)]
    : searchPath(env).map((folder) => `${absolute(folder, workingDirectory)}/${command}`)
  let refused: TreeNode | undefined
  for (const path of paths) {
    const file = tree.find(path)
    if (file?.type !== 'file') continue
    if ((file.mode & 0o111) !== 0) return { outcome: 'found', file }
    refused ??= file
  }
  return refused ? { outcome: 'not-executable', file: refused } : { outcome: 'not-found' }
}

export function absolute(path: string, workingDirectory: string): string {
  return path.startsWith('/') ? path : `${workingDirectory === '/' ? '' : workingDirectory}/${path}`
}

/** The program that a `#!` line names, and the command that `env` would look for. */
export function interpreterOf(line: string): { program: string; command?: string } {
  const words = line.trim() === '' ? [] : line.replace(/^[ \t]+/, '').split(/[ \t]+/)
  const [program = '', ...args] = words
  if (!/(?:^|\/)env\r?$/.test(program)) return { program }
  const command = args.find((arg) => !/^-|=/.test(arg))
  return command === undefined ? { program } : { program, command }
}
