/** Where a person finds a repository: the many spellings of a git remote or of package.json's `repository`, as one address. */

/**
 * The http(s) address without credentials and without `.git`: of https, ssh and git URLs, and of `git@host:path`.
 * Undefined for a path, a file URL, and anything else that no browser can open.
 */
export function webAddress(text: string): string | undefined {
  const scp = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/)(.+)$/.exec(text)
  if (scp) return `https://${scp[1]}/${withoutSuffix(scp[2] as string)}`
  let url: URL
  try {
    url = new URL(text.replace(/^git\+/, ''))
  } catch {
    return undefined
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  if (!isWeb && !['ssh:', 'git:'].includes(url.protocol)) return undefined
  const path = withoutSuffix(url.pathname.replace(/^\/+/, ''))
  // The port of an ssh or git server says nothing about its web server.
  return `${isWeb ? url.protocol : 'https:'}//${isWeb ? url.host : url.hostname}/${path}`
}

function withoutSuffix(path: string): string {
  return path.replace(/\/+$/, '').replace(/\.git$/, '')
}

/** Shorthands of package.json's `repository`. */
const hosts: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
}

/** The same for package.json's `repository`, which also knows `acme/shop` and `gitlab:acme/shop`. */
export function repositoryAddress(text: string): string | undefined {
  const [, host, path] = /^(?:(github|gitlab|bitbucket):)?([\w-][\w.-]*\/[\w-][\w.-]*)$/.exec(text) ?? []
  return path ? `https://${hosts[host ?? 'github']}/${withoutSuffix(path)}` : webAddress(text)
}
