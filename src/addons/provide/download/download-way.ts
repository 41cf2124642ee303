/**
 * Downloading as a way to a binary: the mechanism's own program, told of the target's platform. What it brings is looked at by
 * its bytes, and held against a checksum where one lies beside it.
 */
import { readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import semver from 'semver'
import { type CancelOptions, throwIfAborted } from '../../../base/index.ts'
import { isRecord, npmTargetOf, parseManifest } from '../../../npm/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import { AddonError } from '../../addon-error.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { keepBinary, keptBinary } from '../binary-cache.ts'
import { collectBinaries, listFiles } from '../collect-binaries.ts'
import { openNodeKit } from '../node-kit.ts'
import type { ProvidedBinary } from '../provided-binary.ts'
import { runStep } from '../run-step.ts'
import type { Way } from '../way.ts'
import { neededPlacement, writeWorkTree } from '../work-tree.ts'
import { type DownloaderCommand, downloaderCommand } from './downloader-command.ts'
import { wrongSum } from './published-sum.ts'

/** Changed when another binary would be taken than by an earlier release. */
const formatVersion = 1

export function downloadWay(tools: AddonTools): Way {
  return async (task, { signal }) => {
    const key = binaryKey(task)
    const kept = await keptBinary(tools.cache, key, { signal })
    if (kept) return kept
    const id = `download ${task.platform} ${task.package.location}`
    const { progress } = tools
    progress({
      type: 'start',
      id,
      station: 'deps',
      text: `${task.name} downloading`,
      platform: task.platform,
    })
    try {
      const binary = await download(task, tools, { signal })
      await keepBinary(tools.cache, key, binary)
      progress({ type: 'end', id, text: `${task.name} downloaded for ${task.platform}` })
      return binary
    } catch (error) {
      throwIfAborted(signal)
      progress({ type: 'end', id, text: `${task.name} has no binary to download for ${task.platform}` })
      // What lies about itself is said even though another way may lead to a binary.
      if (error instanceof AddonError && error.code === 'ADDON_BINARY_WRONG')
        progress({
          type: 'warning',
          text: `refused: ${error.message}`,
          platform: task.platform,
          ...(error.hint ? { hint: error.hint } : {}),
        })
      throw error
    }
  }
}

function binaryKey({ package: locked, target, settings }: AddonTask): string {
  return JSON.stringify([
    'download',
    formatVersion,
    locked.integrity ?? locked.resolved ?? locked.version,
    formatPlatform(target.platform),
    target.libc,
    target.nodeVersion === undefined ? null : semver.major(target.nodeVersion),
    settings.mirror ?? null,
  ])
}

async function download(
  task: AddonTask,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<ProvidedBinary> {
  await using temporary = await tools.cache.temporaryFolder()
  const root = join(temporary.path, 'app')
  await writeWorkTree(neededPlacement(task.package.location, task.placement), root, tools, { signal })
  const folder = join(root, task.package.location)
  const manifest = parseManifest(await readFile(join(folder, 'package.json')))
  const command = downloaderCommand(task, manifest)
  if (!command) {
    throw failed(task, 'it has no script that would', [], 'nothing says where one would be')
  }
  const program = command.program === 'sh' ? undefined : await programOf(command, root, folder, task)
  const before = await listFiles(folder)
  const privateCache = join(temporary.path, 'npm-cache')
  const node = await programOfMajor(task, tools, { signal })
  const env = {
    ...withoutSteering({ ...tools.env, ...tools.npm.scriptVariables }),
    ...command.env,
    ...(node.isTargets ? {} : targetVersion(task, manifest)),
    npm_config_cache: privateCache,
    npm_package_json: join(folder, 'package.json'),
    npm_package_name: task.package.name,
    npm_package_version: task.package.version ?? '',
    PATH: [dirname(node.program), join(root, 'node_modules/.bin'), tools.env.PATH ?? ''].join(delimiter),
  }
  const { exitCode, tail } = await runStep({
    ...(program === undefined
      ? { program: 'sh', args: command.args }
      : { program: node.program, args: [program, ...command.args] }),
    folder,
    env,
    signal,
  })
  if (exitCode !== 0)
    throw failed(
      task,
      `${command.program} ended with exit code ${exitCode}`,
      tail,
      'the server is down, or has no binary for the platform',
    )
  const address = addressIn(tail)
  const wrong = await wrongSum(address, join(privateCache, '_prebuilds'), tools.debian.http, { signal })
  if (wrong !== undefined) throw failed(task, wrong, [], 'somebody changed it, or the mirror is not whole')
  const origin = `it was downloaded${address ? ` from ${address}` : ''} and is refused`
  const { binary } = await collectBinaries(
    { task, recipe: {}, sysroot: undefined, folder, before, strip: undefined, origin },
    tools,
    { signal },
  )
  return binary
}

/** The mechanism's settings that a user has in his environment or in `.npmrc` stay: mirrors, tokens, proxies. */
function withoutSteering(env: AddonTools['env']): Record<string, string | undefined> {
  const steering =
    /^npm_config_(?:arch|platform|libc|target|runtime|build_from_source|cache|nodedir|target_\w+|platform_\w+)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => !steering.test(name) && name !== 'LIBC'))
}

/**
 * The downloader's program, of the package that brings it: several have the same name for theirs, and `node_modules/.bin` holds
 * one of them.
 */
async function programOf(
  { program }: DownloaderCommand,
  root: string,
  folder: string,
  task: AddonTask,
): Promise<string> {
  for (const name of Object.keys(task.package.dependencies))
    for (const place of [join(folder, 'node_modules', name), join(root, 'node_modules', name)]) {
      const text = await readFile(join(place, 'package.json')).catch(() => undefined)
      const { bin } = text ? parseManifest(text) : {}
      const path = isRecord(bin) ? bin[program] : name.endsWith(program) ? bin : undefined
      if (typeof path === 'string') return join(place, path)
    }
  throw failed(
    task,
    `${program} is not among its dependencies`,
    [],
    'its install script calls a program that the lockfile does not have',
  )
}

/** A Node of the target's major: then downloaders need not be told which binary is meant. */
async function programOfMajor(
  { target }: AddonTask,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<{ program: string; isTargets: boolean }> {
  const own = { program: process.execPath, isTargets: false }
  const { nodeVersion } = target
  if (nodeVersion === undefined || semver.major(nodeVersion) === semver.major(process.versions.node))
    return { ...own, isTargets: true }
  const kit = await openNodeKit({ version: nodeVersion, cpu: npmTargetOf(target).cpu }, tools, {
    signal,
  }).catch(() => {
    throwIfAborted(signal)
    return undefined
  })
  return kit && kit.program !== process.execPath ? { program: kit.program, isTargets: true } : own
}

/** Of an addon of Node-API the version of Node says nothing, and downloaders would take it for that of Node-API. */
function targetVersion(
  { addon, target }: AddonTask,
  manifest: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const usesNodeApi =
    addon.commands.some((line) => /\bnapi\b/.test(line)) ||
    JSON.stringify(manifest.binary ?? {}).includes('napi_versions')
  return usesNodeApi || target.nodeVersion === undefined ? {} : { npm_config_target: target.nodeVersion }
}

function addressIn(lines: readonly string[]): string | undefined {
  return lines.flatMap(
    (line) =>
      /\bGET (https?:\/\/\S+)/.exec(line)?.[1] ??
      /\bhttps?:\/\/\S+\.(?:tar\.gz|br|gz)\b/.exec(line)?.[0] ??
      [],
  )[0]
}

function failed(task: AddonTask, why: string, output: readonly string[], hint: string): AddonError {
  const { name, platform } = task
  return new AddonError(
    'ADDON_DOWNLOAD_FAILED',
    `no binary of ${name} could be downloaded for ${platform}: ${why}`,
    {
      kind: 'environment',
      hint: [
        ...output.slice(-8).map((line) => `| ${line}`),
        `${hint}: "addons": {"${task.package.name}": {"mirror": "https://…"}} names another, and "from": "compile" does without`,
      ].join('\n'),
      details: { package: name, platform },
      retryable: true,
    },
  )
}
