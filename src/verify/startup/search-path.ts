/** PATH, as a container's process sees it. */

/** What container engines set where the image sets none. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The value of a variable of the image's configuration. */
export function variable(env: readonly string[], name: string): string | undefined {
  return env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** The folders in which commands are looked for. */
export function searchPath(env: readonly string[]): string[] {
  return (variable(env, 'PATH') ?? defaultPath).split(':').filter((folder) => folder !== '')
}
