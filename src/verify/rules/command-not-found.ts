import { nameOf } from '../tree/file-tree.ts'
import type { PlatformRule } from '../rule.ts'
import { searchPath } from '../startup/search-path.ts'
import { lookUpCommands } from '../startup/surroundings.ts'

/** The entrypoint or command, or what it starts, is nowhere in the image. */
export const commandNotFound: PlatformRule = {
  id: 'image/command-not-found',
  severity: 'error',
  *check(image) {
    for (const { start, lookup } of lookUpCommands(image)) {
      if (lookup.outcome !== 'not-found') continue
      if (nameOf(start.command) === 'node' && image.node === undefined) continue // image/node-missing says more
      const isPath = start.command.includes('/')
      yield {
        path: isPath ? start.command.replace(/^\//, '') : '',
        message: `the ${start.from} ${start.command} is not ${isPath ? 'in the image' : 'on PATH'}`,
        hint: /\s/.test(start.command)
          ? 'the exec form takes each argument as a text of its own: ["node", "server.js"]'
          : 'copy it into the final stage, or correct ENTRYPOINT and CMD',
        details: { command: start.command, ...(isPath ? {} : { path: searchPath(image.env) }) },
      }
    }
  },
}
