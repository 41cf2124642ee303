/** tini for the target, fetched by the builder: nothing is installed under emulation. */
import { libcOf, type ProjectFacts } from '../project-facts.ts'
import { architecturesOf, caseOfArchitecture } from './architecture-names.ts'

/** Where the stage `tini` leaves it. */
export const tiniPath = '/tini/tini'

export function tiniStage(facts: ProjectFacts): string {
  const fetch = libcOf(facts.base) === 'musl' ? fromAlpine(facts) : fromDebian(facts)
  return `# The init that passes signals on and reaps orphans: the target's, fetched natively
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS tini
ARG TARGETARCH
WORKDIR /tini
${fetch}`
}

/** apt checks the archive's signature; dpkg-deb unpacks without running anything of the package. */
function fromDebian({ platforms }: ProjectFacts): string {
  return `RUN ${caseOfArchitecture('arch', 'debian', platforms)} \\
    && dpkg --add-architecture "$arch" \\
    && apt-get update \\
    && apt-get download "tini:$arch" \\
    && dpkg-deb --extract tini_*.deb . \\
    && mv usr/bin/tini-static tini \\
    && rm -rf tini_*.deb usr /var/lib/apt/lists/*`
}

const alpineNames: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  arm: 'armv7',
  '386': 'x86',
}

function fromAlpine({ platforms }: ProjectFacts): string {
  const cases = architecturesOf(platforms)
    .flatMap(({ docker }) => (alpineNames[docker] ? [`${docker}) arch=${alpineNames[docker]} ;; `] : []))
    .join('')
  return `RUN case "$TARGETARCH" in ${cases}*) arch="$TARGETARCH" ;; esac \\
    && apk add --root /tini/root --initdb --arch "$arch" --no-cache --no-scripts \\
      --keys-dir /etc/apk/keys --repositories-file /etc/apk/repositories tini-static \\
    && mv root/sbin/tini-static tini \\
    && rm -rf root`
}
