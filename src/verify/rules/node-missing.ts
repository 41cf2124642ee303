import { nameOf } from '../tree/file-tree.ts'
import { startCommands } from '../startup/start-commands.ts'
import type { PlatformRule } from '../rule.ts'

const needsNode = new Set(['node', 'npm', 'npx', 'yarn', 'pnpm', 'docker-entrypoint.sh'])

/** An application with node_modules, or a start command that is Node's, in an image without Node. */
export const nodeMissing: PlatformRule = {
  id: 'image/node-missing',
  severity: 'error',
  *check(image) {
    if (image.node !== undefined) return
    const commands = startCommands(image.config.config ?? {})
    const asked = commands.find(({ command }) => needsNode.has(nameOf(command)))
    const [application] = image.packages.applications()
    // Another runtime (bun, deno), or a program that brings its own Node, starts what node_modules has.
    if (asked === undefined && (application === undefined || commands.length > 0)) return
    yield {
      path: asked ? asked.command.replace(/^\//, '') : (application?.folder ?? ''),
      message: asked
        ? `the ${asked.from} ${nameOf(asked.command)} needs Node, and no node executable is in the image`
        : 'has node_modules, and no node executable is in the image',
      hint: 'use a base image with Node, such as node:22-slim, for the final stage',
    }
  },
}
