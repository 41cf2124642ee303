/** What npm, Debian and GNU call the architectures that Docker calls amd64, arm64 … */

interface ArchitectureNames {
  /** as TARGETARCH says it */
  readonly docker: string
  /** npm's and Node's `cpu` */
  readonly cpu: string
  readonly debian: string
  /** the prefix of cross tools: `aarch64-linux-gnu-g++` */
  readonly triplet: string
}

const architectures: readonly ArchitectureNames[] = [
  { docker: 'amd64', cpu: 'x64', debian: 'amd64', triplet: 'x86_64-linux-gnu' },
  { docker: 'arm64', cpu: 'arm64', debian: 'arm64', triplet: 'aarch64-linux-gnu' },
  { docker: 'arm', cpu: 'arm', debian: 'armhf', triplet: 'arm-linux-gnueabihf' },
  { docker: '386', cpu: 'ia32', debian: 'i386', triplet: 'i686-linux-gnu' },
  { docker: 'ppc64le', cpu: 'ppc64', debian: 'ppc64el', triplet: 'powerpc64le-linux-gnu' },
  { docker: 's390x', cpu: 's390x', debian: 's390x', triplet: 's390x-linux-gnu' },
  { docker: 'riscv64', cpu: 'riscv64', debian: 'riscv64', triplet: 'riscv64-linux-gnu' },
]

/** `arm` of `linux/arm/v7`. */
export function architectureOf(platform: string): string {
  return platform.split('/')[1] ?? platform
}

/** The names of the platforms' architectures, each once. */
export function architecturesOf(platforms: readonly string[]): ArchitectureNames[] {
  const wanted = new Set(platforms.map(architectureOf))
  return architectures.filter(({ docker }) => wanted.has(docker))
}

/** `case "$TARGETARCH" in amd64) cpu=x64 ;; *) cpu="$TARGETARCH" ;; esac`: one assignment of one name. */
export function caseOfArchitecture(
  variable: string,
  kind: 'cpu' | 'debian',
  platforms: readonly string[],
): string {
  const different = architecturesOf(platforms).filter((names) => names[kind] !== names.docker)
  const cases = different.map((names) => `${names.docker}) ${variable}=${names[kind]} ;; `).join('')
  return cases === ''
    ? `${variable}="$TARGETARCH"`
    : `case "$TARGETARCH" in ${cases}*) ${variable}="$TARGETARCH" ;; esac`
}
