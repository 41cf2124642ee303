/**
 * Compiles a package's addon as it would be on the platform itself: in a root that is made of the base image and the compiler of
 * its distribution. Everything there is run by an emulator, unless the platform is this machine's own.
 */
import { cp, mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type CancelOptions, codeOf } from '../../../base/index.ts'
import { AddonError } from '../../addon-error.ts'
import { boundedMake } from '../bounded-make.ts'
import { buildCommand } from '../build-command.ts'
import type { AddonTask } from '../addon-task.ts'
import type { AddonTools } from '../addon-tools.ts'
import { type Compiled, collectBinaries, listFiles } from '../collect-binaries.ts'
import { compileFailed } from '../compile-failed.ts'
import { tupleOf } from '../compile/toolchain.ts'
import { quoted, writeScript } from '../compile/compiler-scripts.ts'
import { nodeGypFolder } from '../node-gyp.ts'
import type { NodeKit } from '../node-kit.ts'
import { type AddonRecipe, gypJobs } from '../recipe.ts'
import { neededPlacement, writeWorkTree } from '../work-tree.ts'
import { distributionPackages, installCommand } from './distribution-packages.ts'
import { copyPackage } from './portable-package.ts'
import type { WorkRoot } from './work-root.ts'

export interface EmulateInput {
  task: AddonTask
  recipe: AddonRecipe
  node: NodeKit
  /** calls of the compiler at once */
  jobs: number
  /** for people: `under emulation` */
  how: string
}

/** Everything of ours in the root; a fixed name, as compilers write it into what they make. */
const place = '/everyarch-build'

/** Throws `AddonError` `ADDON_COMPILE_FAILED`, `ADDON_BINARY_WRONG`, `ADDON_LIBRARY_MISSING`, and what opening the base throws. */
export async function emulateAddon(
  input: EmulateInput,
  tools: AddonTools,
  { signal }: CancelOptions,
): Promise<Compiled> {
  const { task, recipe, how } = input
  const { target, package: locked, placement } = task
  const packages = target.debian ? distributionPackages(task, recipe) : []
  const source = await target.base.withPackages(packages, { signal })
  await using root = await tools.roots.open(source, { signal })
  const app = join(root.path, place, 'app')
  await makePlace(root)
  await writeWorkTree(neededPlacement(locked.location, placement), app, tools, { signal })
  await writePrograms(root, input)
  const command = buildCommand(task, recipe)
  const run = async (words: string) => {
    const { exitCode, lines } = await root.run(words, environment(input), { signal })
    if (exitCode !== 0) throw compileFailed(task, { exitCode, tail: lines }, how)
  }
  if (!target.debian) await run(installCommand(task, recipe))
  const folder = join(app, locked.location)
  const before = await listFiles(folder)
  await run(`${searchPath(locked.location)}\ncd ${quoted(`${place}/app/${locked.location}`)}\n${command}`)
  const inside = (path: string) => quoted(`/${relative(root.path, path)}`)
  const tuple = tupleOf(target) ?? ''
  return await collectBinaries(
    {
      task,
      recipe,
      sysroot: { folder: root.path, tuple },
      folder,
      before,
      strip: (path) => root.run(`strip --strip-unneeded ${inside(path)}`, {}, { signal }),
      origin: `it was compiled ${how}`,
    },
    tools,
    { signal },
  )
}

/** Made anew, so that nothing that the base has there, such as a link, is followed. */
async function makePlace({ path }: WorkRoot): Promise<void> {
  try {
    await mkdir(join(path, place))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    throw new AddonError('ADDON_CANNOT_EMULATE', `the base image has something at ${place}`, {
      kind: 'usage',
      hint: 'addons are compiled there: take a base without it',
    })
  }
  await mkdir(join(path, place, 'app'))
}

/** Node's headers, and node-gyp set up with them. */
async function writePrograms({ path }: WorkRoot, { recipe, node, jobs }: EmulateInput): Promise<void> {
  await cp(join(node.folder, 'include'), join(path, place, 'node/include'), { recursive: true })
  const gyp = await copyPackage(nodeGypFolder(), join(path, place, 'node-gyp'))
  const settings = [
    '--release',
    `--nodedir=${place}/node`,
    '-j',
    String(gypJobs(recipe, jobs)),
    ...(recipe.args ?? []),
  ]
  await mkdir(join(path, place, 'bin'))
  await writeScript(join(path, place, 'bin/make'), boundedMake(jobs))
  await writeScript(
    join(path, place, 'bin/node-gyp'),
    `exec node /${relative(path, gyp)}/bin/node-gyp.js "$@" ${settings.map(quoted).join(' ')}\n`,
  )
}

/** The base's own PATH comes last. */
function searchPath(location: string): string {
  const folders = [
    `${place}/bin`,
    `${place}/app/${location}/node_modules/.bin`,
    `${place}/app/node_modules/.bin`,
  ]
  return `export PATH=${folders.map(quoted).join(':')}:"$PATH"`
}

function environment({ recipe, jobs }: EmulateInput): Record<string, string> {
  return {
    HOME: place,
    // Of these dpkg would have made links such as cc, had it installed them.
    CC: 'gcc',
    CXX: 'g++',
    JOBS: String(jobs),
    npm_config_jobs: String(jobs),
    npm_config_nodedir: `${place}/node`,
    npm_config_build_from_source: 'true',
    SOURCE_DATE_EPOCH: '0',
    LC_ALL: 'C',
    ...recipe.env,
  }
}
