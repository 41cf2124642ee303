import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ActionError } from './action-error.ts'
import { actionCommands, commandLine, definitionOf, inputsOf } from './command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const action = parse(readFileSync(resolve(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { description: string; default?: string }>
  outputs: Record<string, { description: string }>
}

/** Inputs that say what the action does, rather than what a command does. */
const own = ['command', 'runner-cache', 'summary']
const env = (inputs: Record<string, string>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]))

describe('action.yml', () => {
  it.each(actionCommands)('has an input for each argument and option of %s', (name) => {
    // One without an input needs a reason in `withoutInput`.
    const missing = inputsOf(definitionOf(name)).filter((input) => !Object.hasOwn(action.inputs, input.name))
    expect(missing.map((input) => input.name)).toEqual([])
  })

  it('has no input that no command takes', () => {
    const taken = new Set(
      actionCommands.flatMap((name) => inputsOf(definitionOf(name)).map((input) => input.name)),
    )
    expect(Object.keys(action.inputs).filter((name) => !taken.has(name) && !own.includes(name))).toEqual([])
  })

  it('says for which commands an input is', () => {
    for (const [name, { description }] of Object.entries(action.inputs)) {
      if (own.includes(name)) continue
      const users = actionCommands.filter((command) =>
        inputsOf(definitionOf(command)).some((input) => input.name === name),
      )
      const said = /^((?:build|publish|verify|smoke|check)(?:, )?)+: /u.exec(description)?.[0]
      // Without a word it is for several.
      const words = said?.replace(': ', '').split(', ') ?? []
      expect([name, words]).toEqual([name, said === undefined && users.length > 1 ? [] : users])
    }
  })

  it('stands in docs/action.md as it is', () => {
    const script = resolve(root, 'scripts/action-inputs.mjs')
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow()
  })
})

describe('commandLine', () => {
  it.each<[Record<string, string>, string[]]>([
    [{}, ['build']],
    [{ command: 'build', push: 'true', 'no-cache': 'false' }, ['build', '--push']],
    [{ tag: ' a:1 \n\n b:2\n', 'no-cache': 'TRUE' }, ['build', '--tag=a:1', '--tag=b:2', '--no-cache']],
    [{ platform: 'linux/amd64,linux/arm64' }, ['build', '--platform=linux/amd64,linux/arm64']],
    [{ platform: 'linux/amd64\nlinux/arm64' }, ['build', '--platform=linux/amd64', '--platform=linux/arm64']],
    [{ cmd: '--inspect', path: '-odd' }, ['build', '--cmd=--inspect', '--', '-odd']],
    [{ command: 'verify', image: 'a:1\nb:2' }, ['verify', '--', 'a:1', 'b:2']],
    [{ smoke: 'false' }, ['build', '--no-smoke']],
    [{ smoke: 'true', 'smoke-tcp': '80' }, ['build', '--smoke', '--smoke-tcp=80']],
    [{ command: 'check', 'max-warnings': '0' }, ['check', '--max-warnings=0']],
    [{ command: 'smoke', image: 'x', tcp: '80\n81' }, ['smoke', '--tcp=80', '--tcp=81', '--', 'x']],
  ])('of %j', (inputs, args) => {
    const [command, ...others] = commandLine(env(inputs))
    const [given, ...expected] = args
    expect([command, ...others.toSorted()]).toEqual([given, ...expected.toSorted()])
  })

  it.each<[Record<string, string>, string]>([
    [{ command: 'explain' }, 'ACTION_COMMAND_UNKNOWN'],
    [{ command: 'toString' }, 'ACTION_COMMAND_UNKNOWN'],
    [{ push: '1' }, 'ACTION_INPUT_INVALID'],
    [{ base: 'a\nb' }, 'ACTION_INPUT_INVALID'],
    [{ command: 'smoke', image: 'a\nb' }, 'ACTION_INPUT_INVALID'],
    [{ command: 'check', tag: 'a:1' }, 'ACTION_INPUT_MISPLACED'],
    [{ http: '80/' }, 'ACTION_INPUT_MISPLACED'],
  ])('refuses %j', (inputs, code) => {
    expect(() => commandLine(env(inputs))).toThrow(expect.objectContaining({ code }) as ActionError)
  })
})
