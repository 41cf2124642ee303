import type { CancelOptions } from '../../../base/index.ts'
import { installTree, runInstallScripts } from '../../../npm/index.ts'
import type { AppInput } from './app-input.ts'

/** All dependencies, those for development included, for the machine that builds: files first, then their install scripts. */
export async function installDependencies(
  { lock, source, npm, progress }: AppInput,
  folder: string,
  { signal }: CancelOptions,
): Promise<void> {
  const id = 'install'
  const total = lock.packages.size
  let done = 0
  progress({ type: 'start', id, station: 'build', text: 'dependencies for the build', total, unit: 'items' })
  const tree = await installTree(lock, {
    folder,
    source,
    legacyPeerDeps: npm.legacyPeerDeps,
    binLinks: npm.binLinks,
    onPackage: () => progress({ type: 'advance', id, done: ++done }),
    signal,
  })
  const rebuilt = await runInstallScripts(tree, {
    folder,
    config: npm,
    onOutput: (stream, line) => progress({ type: 'output', id, stream, line }),
    signal,
  })
  const scripts = rebuilt.length > 0 ? `, install scripts of ${rebuilt.join(', ')}` : ''
  progress({ type: 'end', id, text: `${tree.packages} packages for the build${scripts}` })
}
