/**
 * Addons that have to be compiled (or fetched by their install script) are made for the target by programs of the builder's
 * own CPU: a cross compiler, and the package's own install script told which CPU it works for.
 */
import type { ProjectFacts } from '../project-facts.ts'
import { architecturesOf } from './architecture-names.ts'

/** The stages `toolchain` and `addons`; the second ends with the dependencies, complete for the target, in /app. */
export function toolchainStages(facts: ProjectFacts): string {
  const names = facts.addons.map(({ name }) => name)
  const [has, its] = names.length === 1 ? ['has', 'its'] : ['have', 'their']
  return `# Cross compilers: they run on the builder's CPU and write code for the target's
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS toolchain
ARG TARGETARCH
RUN <<'EOF'
set -eu
case "$TARGETARCH" in
${architectureCases(facts)}
*) echo "no cross compiler is known for $TARGETARCH" >&2; exit 1 ;;
esac
if [ "$(dpkg --print-architecture)" = "$debian" ]; then
  compiler=g++
else
  compiler="g++-$(echo "$triplet" | tr _ -)"
  dpkg --add-architecture "$debian"
fi
apt-get update
apt-get install --yes --no-install-recommends make python3 "$compiler"${headers(facts)}
rm -rf /var/lib/apt/lists/*
printf 'cpu=%s\\ntriplet=%s\\n' "$cpu" "$triplet" >/etc/target

cat >/usr/local/bin/node-gyp <<'SCRIPT'
#!/bin/sh
exec node "$(npm root --global)/npm/node_modules/node-gyp/bin/node-gyp.js" "$@"
SCRIPT

# for-target PACKAGE...: runs the install script of packages, wherever node_modules has them, for the target
cat >/usr/local/bin/for-target <<'SCRIPT'
${forTarget}
SCRIPT
chmod +x /usr/local/bin/node-gyp /usr/local/bin/for-target
EOF

# ${names.join(', ')} ${has} no binary for the target before ${its} install script ran
FROM toolchain AS addons
WORKDIR /app
COPY --from=deps /app ./
RUN for-target ${names.join(' ')}`
}

/** CC and its kin are read by node-gyp, npm_config_arch and its kin by downloaders and by node-gyp. */
const forTarget = `#!/bin/sh
set -eu
. /etc/target
export CC="$triplet-gcc" CXX="$triplet-g++" LINK="$triplet-g++" AR="$triplet-ar" RANLIB="$triplet-ranlib" STRIP="$triplet-strip"
export PKG_CONFIG_LIBDIR="/usr/lib/$triplet/pkgconfig:/usr/share/pkgconfig"
export npm_config_arch="$cpu" npm_config_platform=linux npm_config_libc=glibc JOBS=1
headers=$(dirname "$(dirname "$(command -v node)")")
if [ -e "$headers/include/node/node.h" ]; then export npm_config_nodedir="$headers"; fi
for name in "$@"; do
  find . -type d -path "*/node_modules/$name" -prune >/tmp/folders
  while read -r folder; do
    (
      cd "$folder"
      export PATH="$PWD/node_modules/.bin:/app/node_modules/.bin:$PATH"
      sh -c "$(node -p "require('./package.json').scripts?.install ?? 'node-gyp rebuild'")"
      rm -rf build/Release/obj.target build/Release/.deps build/node_gyp_bins
    )
  done </tmp/folders
done`

function architectureCases({ platforms }: ProjectFacts): string {
  return architecturesOf(platforms)
    .map(({ docker, cpu, debian, triplet }) => `${docker}) cpu=${cpu} debian=${debian} triplet=${triplet} ;;`)
    .join('\n')
}

/** Headers of the target's architecture, beside the builder's own. */
function headers({ addons }: ProjectFacts): string {
  const packages = [...new Set(addons.flatMap((addon) => addon.headers))].sort()
  const words = packages.length > 0 ? ['pkg-config', ...packages.map((name) => `"${name}:$debian"`)] : []
  return words.map((word) => ` ${word}`).join('')
}
