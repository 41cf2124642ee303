/** What compiling takes, as packages of the base's distribution. */
import type { AddonTask } from '../addon-task.ts'
import type { AddonRecipe } from '../recipe.ts'

/** What build scripts call, which slim bases may lack. */
const programs = ['g++', 'make', 'python3', 'dash', 'coreutils', 'sed', 'grep', 'findutils']

/** Packages of Debian. */
export function distributionPackages({ addon }: AddonTask, recipe: AddonRecipe): string[] {
  return [...new Set([...programs, ...(addon.needs?.tools ?? []), ...(recipe.packages ?? [])])].sort()
}

/** A shell command that installs the same with the package manager of another distribution; run in a root of it. */
export function installCommand(task: AddonTask, recipe: AddonRecipe): string {
  const tools = task.addon.needs?.tools ?? []
  const alpine = task.addon.needs?.systemLibraries.map(({ alpineDev }) => alpineDev) ?? []
  return `if command -v apk >/dev/null; then
  apk add --no-cache ${['build-base', 'python3', ...tools, ...alpine].join(' ')}
elif command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get --quiet update
  apt-get --quiet install --yes --no-install-recommends ${distributionPackages(task, recipe).join(' ')}
else
  echo 'the base image has neither apk nor apt-get: no compiler can be installed in it'
  exit 1
fi`
}
