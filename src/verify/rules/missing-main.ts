import { nameOf } from '../tree/file-tree.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { Observation, PlatformRule } from '../rule.ts'
import { readNodeArguments } from '../startup/node-arguments.ts'
import { absolute } from '../startup/resolve-command.ts'
import { hasPackage, resolveFile } from '../startup/resolve-module.ts'
import { variable } from '../startup/search-path.ts'
import type { StartCommand } from '../startup/start-commands.ts'
import { lookUpCommands, surroundingsOf } from '../startup/surroundings.ts'

/** `node file.js` whose file is not there, a module to preload that is not there, `npm start` without a script. */
export const missingMain: PlatformRule = {
  id: 'image/missing-main',
  severity: 'error',
  *check(image) {
    for (const { start, lookup } of lookUpCommands(image)) {
      if (lookup.outcome !== 'found') continue
      const name = nameOf(start.command)
      if (name === 'node' || name === 'nodejs') yield* checkNode(image, start)
      if (['npm', 'yarn', 'pnpm'].includes(name)) yield* checkStartScript(image, start)
    }
  },
}

function* checkNode(image: PlatformImage, { args }: StartCommand): Generator<Observation> {
  const { workingDirectory } = surroundingsOf(image)
  const { main, preloads } = readNodeArguments(args)
  const fromEnvironment = readNodeArguments(
    (variable(image.env, 'NODE_OPTIONS') ?? '').split(/\s+/).filter(Boolean),
  )
  if (main !== undefined) {
    const path = absolute(main, workingDirectory)
    if (!resolveFile(image.tree, path)) {
      yield {
        ...absence(path),
        message: `node is started with ${main}, which is not in the image`,
        hint: hintFor(image, path),
      }
    }
  }
  for (const module of [...preloads, ...fromEnvironment.preloads]) {
    const isFile = /^\.{0,2}\//.test(module)
    const path = absolute(module, workingDirectory)
    if (/^(?:node|data|file|https?):/.test(module) || module === '') continue
    const found = isFile
      ? resolveFile(image.tree, path) !== undefined
      : hasPackage(image.tree, module, workingDirectory)
    if (found) continue
    yield {
      ...absence(isFile ? path : workingDirectory),
      message: `node is told to load ${module} first, which is not in the image`,
      hint: isFile
        ? hintFor(image, path)
        : `add ${module} to the dependencies: development dependencies are not installed`,
    }
  }
}

function* checkStartScript(image: PlatformImage, { command, args }: StartCommand): Generator<Observation> {
  const script = args[0] === 'run' || args[0] === 'run-script' ? args[1] : args[0]
  if (script !== 'start') return
  const { workingDirectory } = surroundingsOf(image)
  const content = image.tree.find(`${workingDirectory}/package.json`)?.content
  const hasScript = content?.kind === 'package' && content.manifest.scripts?.start !== undefined
  // npm starts server.js when there is no script.
  if (hasScript || image.tree.find(`${workingDirectory}/server.js`)) return
  yield {
    ...absence(`${workingDirectory}/package.json`),
    message: content
      ? `${command} start has no script "start" to run`
      : `${command} start finds no package.json in ${workingDirectory}`,
    hint: content
      ? 'add the script, or start node itself: it then gets the signals'
      : 'copy package.json into the final stage, and set WORKDIR',
  }
}

function absence(path: string): { path: string } {
  return { path: path.replace(/^\//, '').replace(/(?<=.)\/$/, '') }
}

function hintFor(image: PlatformImage, path: string): string {
  const name = nameOf(path)
  for (const node of image.tree.nodes()) {
    if (node.type === 'file' && nameOf(node.path) === name && !node.path.includes('node_modules/')) {
      return `${node.path} is in the image: correct the path, or WORKDIR`
    }
  }
  return 'copy the build output into the final stage; .dockerignore may leave it out'
}
