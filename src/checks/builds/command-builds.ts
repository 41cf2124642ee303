/** Builds by `docker build` and `docker buildx build` in scripts. */
import type { LogicalText } from '../../base/index.ts'
import { type ShellCommand, type ShellWord, shellCommands } from '../../dockerfile/index.ts'
import type { WorkflowJob, WorkflowStep } from '../../workflow/index.ts'
import { joinPath, type ProjectFile } from '../project-file.ts'
import { contextPath, type ImageBuild, platformList, type Setting } from './image-build.ts'

export interface Script {
  readonly file: ProjectFile
  readonly source: LogicalText
  readonly job?: WorkflowJob
  readonly step?: WorkflowStep
}

export function commandBuilds(script: Script): ImageBuild[] {
  if (!/\b(?:docker|podman)\b/u.test(script.source.text)) return []
  return shellCommands(script.source).flatMap((command) => {
    const flags = buildFlags(command)
    return flags ? [toBuild(script, command, flags)] : []
  })
}

const withValue = new Set([
  'platform',
  't',
  'tag',
  'f',
  'file',
  'target',
  'output',
  'o',
  'cache-to',
  'cache-from',
  'build-arg',
  'label',
  'secret',
  'ssh',
  'progress',
  'builder',
  'build-context',
  'network',
  'add-host',
  'iidfile',
  'metadata-file',
  'provenance',
  'sbom',
  'attest',
  'annotation',
  'allow',
  'shm-size',
  'ulimit',
  'no-cache-filter',
  'cgroup-parent',
])

interface BuildFlags {
  flags: { name: string; value: ShellWord | undefined }[]
  context: ShellWord | undefined
}

function buildFlags({ words }: ShellCommand): BuildFlags | undefined {
  const texts = words.map((word) => word.text)
  const start = texts[0] === 'docker' || texts[0] === 'podman' ? texts.indexOf('build') : -1
  const head = texts.slice(1, Math.max(start, 1)).join(' ')
  if (start === -1 || !/^(buildx|image)?$/u.test(head)) return undefined
  const flags: BuildFlags['flags'] = []
  let context: ShellWord | undefined
  for (let index = start + 1; index < words.length; index++) {
    const word = words[index] as ShellWord
    const match = /^--?([a-z][a-z-]*)(=.*)?$/su.exec(word.text)
    if (!match) context = word
    else if (match[2] !== undefined)
      flags.push({ name: match[1] as string, value: { ...word, text: match[2].slice(1) } })
    else
      flags.push({
        name: match[1] as string,
        value: withValue.has(match[1] as string) ? words[++index] : undefined,
      })
  }
  return { flags, context }
}

function toBuild(script: Script, command: ShellCommand, { flags, context }: BuildFlags): ImageBuild {
  const all = (...names: string[]): Setting[] =>
    flags.flatMap(({ name, value }) => (names.includes(name) && value ? [value] : []))
  const has = (name: string) => flags.some((flag) => flag.name === name)
  const platform = all('platform')[0]
  const dockerfile = all('f', 'file')[0]
  const target = all('target')[0]
  const known = dockerfile === undefined || !/[$-]$|^-$|\$/u.test(dockerfile.text)
  return {
    origin: 'command',
    file: script.file,
    range: command.range,
    ...(script.job ? { job: script.job } : {}),
    ...(script.step ? { step: script.step } : {}),
    platforms: platform ? platformList(platform.text) : [],
    ...(platform ? { platformSetting: platform } : {}),
    context: known && context ? contextPath(context.text, undefined) : undefined,
    dockerfile: known && dockerfile ? joinPath('', dockerfile.text) : undefined,
    ...(target ? { target: target.text } : {}),
    tags: all('t', 'tag'),
    push: has('push'),
    load: has('load'),
    outputs: all('output', 'o'),
    cacheTo: all('cache-to'),
    cacheFrom: all('cache-from'),
  }
}
