/**
 * Shared libraries that compiled addons load, for the target: chosen by apt against what the target's base already has, and
 * unpacked by the builder. Their packages' own scripts would only refresh the loader's cache, which the usual folders do not
 * need.
 */
import type { ProjectFacts } from '../project-facts.ts'
import { caseOfArchitecture } from './architecture-names.ts'

export function neededLibraries({ addons }: ProjectFacts): string[] {
  return [...new Set(addons.flatMap(({ libraries }) => libraries))].sort()
}

/** The stage `libraries`, which leaves what belongs into the image below `/target/root`; undefined when no addon needs any. */
export function libraryStage(facts: ProjectFacts): string | undefined {
  const names = neededLibraries(facts)
  if (names.length === 0) return undefined
  return `# Shared libraries that the addons load: what the target's base lacks, unpacked natively
FROM \${NODE_IMAGE} AS target-base
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS libraries
ARG TARGETARCH
RUN --mount=type=bind,from=target-base,source=/var/lib/dpkg,target=/target/dpkg <<'EOF'
set -eu
${caseOfArchitecture('arch', 'debian', facts.platforms)}
mkdir -p /target/debs/partial /target/lists/partial /target/root/usr/lib /target/root/var/lib/dpkg/status.d
ln -s usr/lib /target/root/lib
apt() {
  apt-get -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o Dir::State::status=/target/dpkg/status \\
    -o Dir::State::lists=/target/lists -o Dir::Cache::archives=/target/debs "$@"
}
apt update
apt install --yes --no-install-recommends --download-only ${names.join(' ')}
for deb in /target/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar --extract --keep-directory-symlink --directory /target/root
  dpkg-deb --field "$deb" >"/target/root/var/lib/dpkg/status.d/$(dpkg-deb --field "$deb" Package)"
done
EOF`
}
