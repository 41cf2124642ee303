/** Debian packages as a folder: fetched and unpacked by mmdebstrap for any architecture. Nothing of them is run. */
import { cached, recipeHash } from './cache.ts'
import { run } from './run.ts'

export interface DebianFolderOptions {
  suite: string
  /** Debian's name of the architecture */
  architecture: string
  /** package names or apt patterns; their dependencies come too */
  packages: readonly string[]
  /** further mmdebstrap options */
  options?: readonly string[]
  /** whatever else decides the content, such as the text of a hook */
  recipe?: string
}

/** The folder from the cache, or made now (about 15 s). Needs root. */
export function debianFolder(wanted: DebianFolderOptions): Promise<string> {
  const { suite, architecture, packages, options = [], recipe = '' } = wanted
  const hash = recipeHash(...packages, ...options, recipe)
  return cached(`debian-${suite}-${architecture}-${hash}`, async (folder) => {
    await run('mmdebstrap', [
      '--quiet',
      '--mode=root',
      '--variant=extract',
      `--architectures=${architecture}`,
      ...packages.map((name) => `--include=${name}`),
      ...options,
      suite,
      folder,
      ...(await hostMirror()),
    ])
  })
}

/** The Debian mirror that this machine is set up with; none where it is not a Debian: mmdebstrap knows the public one. */
async function hostMirror(): Promise<string[]> {
  const format = '$(ORIGIN) $(REPO_URI) $(RELEASE)'
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Identifier: Packages'])
  const mirror = targets
    .split('\n')
    .map((line) => line.split(' '))
    .find(([origin, , release]) => origin === 'Debian' && /^[a-z]+$/.test(release ?? ''))
  return mirror?.[1] ? [mirror[1]] : []
}
