import { run } from '../engines/run.ts'

/** What the assembled base leaves out, as Debian's slim images do; paths without a leading slash. */
export const documentation =
  /^usr\/share\/(man|info|lintian|locale)\/|^usr\/share\/doc\/[^/]+\/(?!copyright$)/

/** What dpkg says is not as its packages have it, but for documentation. */
export async function dpkgComplaints(root: string): Promise<string[]> {
  const said = await run('sh', ['-c', 'dpkg --root="$1" --verify || true', 'sh', root])
  return said.split('\n').filter((line) => line !== '' && !documentation.test(line.replace(/^[^/]*\//, '')))
}
