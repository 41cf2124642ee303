/** The shell command that compiles a package, run in its folder with tools that are set up for the target. */
import type { AddonTask } from './addon-task.ts'
import type { AddonRecipe } from './recipe.ts'

/** Expects `node-gyp`, or `cmake` and `npm_config_nodedir`, or `cargo`, to be what the target's compile takes. */
export function buildCommand({ addon }: AddonTask, { script, args = [] }: AddonRecipe): string {
  if (script !== undefined) return script
  const { builder, downloader, commands } = addon
  switch (builder) {
    case 'cmake-js':
      return cmakeCommand(commands, args)
    case 'cargo':
      // The first is the script of package.json, the others are what it stands for.
      return commands[0] ?? 'cargo build --release'
    default:
      // It tells binding.gyp the names of what is made, which node-gyp alone does not know.
      return downloader === 'node-pre-gyp' ? 'node-pre-gyp rebuild --build-from-source' : 'node-gyp rebuild'
  }
}

/** What cmake-js would call, without the headers that it would fetch: it knows its own machine's processor only. */
function cmakeCommand(commands: readonly string[], args: readonly string[]): string {
  const defined = commands.flatMap((line) =>
    [...line.matchAll(/--CD(\w+)=(?:"([^"]*)"|(\S+))/g)].map(
      ([, name, quoted, plain]) => `-D${name}=${quoted ?? plain}`,
    ),
  )
  const target = commands.flatMap((line) => /cmake-js\b.*\s(?:--target|-T)[ =](\S+)/.exec(line)?.[1] ?? [])[0]
  const words = [...defined, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  return `rm -rf build
include=$npm_config_nodedir/include/node
for name in node-addon-api nan; do
  folder=$(node -p "require('path').dirname(require.resolve('$name/package.json'))" 2>/dev/null) || continue
  include="$include;$folder"
done
cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_JS_INC="$include" -DCMAKE_JS_SRC= -DCMAKE_JS_LIB= \\
  -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$PWD/build/Release" -DNODE_RUNTIME=node ${words}
cmake --build build --config Release --parallel "$JOBS"${target ? ` --target ${target}` : ''}
`
}
