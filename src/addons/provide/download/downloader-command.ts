/**
 * The downloaders that install scripts call, each with the words in which it is told of another platform. They are run by
 * themselves: the line of the script goes on to compile for this machine when there is nothing to download.
 */
import { installScripts, isRecord, npmTargetOf } from '../../../npm/index.ts'
import type { AddonTask } from '../addon-task.ts'

export interface DownloaderCommand {
  /** name of its program, which a dependency of the package brings; `sh` for a script of the package's own */
  program: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** The command; undefined for a package that downloads nothing. */
export function downloaderCommand(
  task: AddonTask,
  manifest: Readonly<Record<string, unknown>>,
): DownloaderCommand | undefined {
  switch (task.addon.downloader) {
    case 'prebuild-install':
      return prebuildInstall(task)
    case 'node-pre-gyp':
      return nodePreGyp(task, manifest)
    case 'install-artifact-from-github':
      return artifactFromGithub(task)
    case 'custom':
      return ownScript(task, manifest)
    default:
      return undefined
  }
}

/** Told of the platform in the words that most scripts know; what it fetches for this machine instead is refused afterwards. */
function ownScript({ target }: AddonTask, manifest: Readonly<Record<string, unknown>>): DownloaderCommand {
  const { cpu } = npmTargetOf(target)
  const platform = { arch: cpu, platform: 'linux', libc: target.libc }
  const variables = Object.entries(platform).flatMap(([name, value]) => [
    [`npm_config_${name}`, value],
    [`npm_config_target_${name}`, value],
  ])
  return {
    program: 'sh',
    args: ['-e', '-c', Object.values(installScripts(manifest)).join('\n')],
    env: { ...Object.fromEntries(variables), ...(target.libc === 'musl' ? { LIBC: 'musl' } : {}) },
  }
}

function prebuildInstall({ package: { name }, addon, target, settings }: AddonTask): DownloaderCommand {
  const { cpu } = npmTargetOf(target)
  const prefix = `npm_config_${name.replace(/[^a-zA-Z0-9]/g, '_').replace(/^_/, '')}`
  return {
    program: 'prebuild-install',
    args: [...argumentsOf('prebuild-install', addon.commands), '--verbose'],
    env: {
      npm_config_platform: 'linux',
      npm_config_arch: cpu,
      npm_config_libc: target.libc,
      ...(settings.mirror ? { [`${prefix}_binary_host`]: settings.mirror } : {}),
    },
  }
}

function nodePreGyp(
  { target, settings }: AddonTask,
  { binary }: Readonly<Record<string, unknown>>,
): DownloaderCommand {
  const { cpu } = npmTargetOf(target)
  const module = isRecord(binary) && typeof binary.module_name === 'string' ? binary.module_name : ''
  return {
    program: 'node-pre-gyp',
    // Without --fallback-to-build; a binary that lies there already would end the search.
    args: ['install', '--update-binary'],
    env: {
      npm_config_target_arch: cpu,
      npm_config_target_platform: 'linux',
      npm_config_target_libc: target.libc,
      ...(settings.mirror
        ? { [`npm_config_${module.replaceAll('-', '_')}_binary_host_mirror`]: settings.mirror }
        : {}),
    },
  }
}

function artifactFromGithub({ addon, target, settings }: AddonTask): DownloaderCommand {
  const { cpu } = npmTargetOf(target)
  const args = argumentsOf('install-from-cache', addon.commands)
  const variable = args[args.indexOf('--host-var') + 1]
  const hasVariable = args.includes('--host-var') && variable !== undefined
  return {
    program: 'install-from-cache',
    args,
    env: {
      npm_config_platform: target.libc === 'musl' ? 'linux-musl' : 'linux',
      npm_config_platform_arch: cpu,
      // What it calls to compile for this machine when there is nothing to download.
      npm_execpath: 'false',
      ...(settings.mirror ? { [hasVariable ? variable : 'DOWNLOAD_HOST']: settings.mirror } : {}),
    },
  }
}

/** The words behind a program's name in the first command that has it, up to what the shell would do next. */
export function argumentsOf(program: string, commands: readonly string[]): string[] {
  const pattern = new RegExp(`(?:^|[\\s;&|/])${program}(?:\\.js)?(?=\\s|$)([^;&|]*)`)
  const rest = commands.flatMap((line) => pattern.exec(line)?.[1] ?? [])[0] ?? ''
  return rest
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
}
