/** The page of every rule, those of verify and build included. Written by scripts/rules-index.mjs: do not edit. */
export const rulePages: ReadonlyMap<string, string> = new Map([
  [
    'bake/does-not-parse',
    `# bake/does-not-parse

A bake file cannot be read.

## Why

\`docker buildx bake\` stops at the first mistake, and nothing after it could be checked.

## Bad

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64", "linux/arm64"
}
\`\`\`

## Good

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64", "linux/arm64"]
}
\`\`\`

## Fix

Correct it at the place given.

## When not

Functions, conditions and loops are read as text; they are no mistake.
`,
  ],
  [
    'bake/shared-cache',
    `# bake/shared-cache

Targets that differ write one cache: the last one wins, the others start cold.

## Why

A cache export replaces what the scope or ref held. Targets with different Dockerfiles, stages or platforms that share it leave
only the cache of whichever ended last.

## Bad

\`\`\`hcl docker-bake.hcl
target "api" {
  context  = "api"
  cache-to = ["type=gha,mode=max"]
}
target "web" {
  context  = "web"
  cache-to = ["type=gha,mode=max"]
}
\`\`\`

## Good

\`\`\`hcl docker-bake.hcl
target "api" {
  context  = "api"
  cache-to = ["type=gha,mode=max,scope=api"]
}
target "web" {
  context  = "web"
  cache-to = ["type=gha,mode=max,scope=web"]
}
\`\`\`

## Fix

Add \`scope=\` or another \`ref=\`. There is no automatic fix: \`cache-from\` may stand elsewhere.

## When not

Targets that build the same thing may share a cache.
`,
  ],
  [
    'compose/does-not-parse',
    `# compose/does-not-parse

A compose file is not valid YAML.

## Why

Nothing of the file can be used, and nothing of it could be checked.

## Bad

\`\`\`yaml compose.yaml
services:
  shop:
	build: .
\`\`\`

## Good

\`\`\`yaml compose.yaml
services:
  shop:
    build: .
\`\`\`

## Fix

Correct it at the place given. Only the first mistake is shown: those after it often follow from it.

## When not

Templates of compose files are skipped, and the report says so.
`,
  ],
  [
    'compose/pinned-platform',
    `# compose/pinned-platform

A service that is built here is pinned to one platform, so other machines emulate it.

## Why

\`platform: linux/amd64\` is often left over from the days when a base image had no arm64. Everyone with an Arm laptop then runs Node.js
under emulation: slower, with file watching and some addons broken.

## Bad

\`\`\`yaml compose.yaml
services:
  shop:
    build: .
    platform: linux/amd64
\`\`\`

## Good

\`\`\`yaml compose.yaml
services:
  shop:
    build: .
\`\`\`

## Fix

Remove the line when every base image has both platforms. That is for you to decide, so \`--fix\` leaves it.

## When not

Services that only pull an image, files and services for tests, and \`build.platforms\` are not reported.
`,
  ],
  [
    'compose/platform-variable',
    `# compose/platform-variable

DOCKER_DEFAULT_PLATFORM stands in a service’s environment, where it changes nothing.

## Why

The variable chooses the platform when images are pulled and containers are made. In the environment of a service it is seen by the
program in the container only, after the choice.

## Bad

\`\`\`yaml compose.yaml
services:
  shop:
    image: ghcr.io/acme/shop:1
    environment:
      DOCKER_DEFAULT_PLATFORM: linux/arm64
\`\`\`

## Good

\`\`\`yaml compose.yaml
services:
  shop:
    image: ghcr.io/acme/shop:1
    platform: linux/arm64
\`\`\`

## Fix

Set the variable for the command, or give the service a \`platform\` in a test file.

## When not

A service that runs the docker command itself needs it; ignore the rule there.
`,
  ],
  [
    'deploy/architecture-not-built',
    `# deploy/architecture-not-built

A deployment is bound to an architecture for which its image is not built.

## Why

A node selector, a required affinity or \`cpuArchitecture\` decides on which machines the image has to run. When the build does not
make that platform, the pods stay in \`ErrImagePull\` (no match for platform) or crash with \`exec format error\`.

## Bad

\`\`\`yaml k8s/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      nodeSelector:
        kubernetes.io/arch: arm64
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
  tags      = ["ghcr.io/acme/shop:1.4"]
}
\`\`\`

## Good

\`\`\`yaml k8s/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      nodeSelector:
        kubernetes.io/arch: arm64
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["ghcr.io/acme/shop:1.4"]
}
\`\`\`

## Fix

Add the platform to the build, or bind the deployment to what there is.

## When not

Images that this project does not build, and builds that do not say their platforms, are not compared.
`,
  ],
  [
    'deploy/mutable-tag',
    `# deploy/mutable-tag

A deployment runs an image of this project by a tag that moves.

## Why

The incident that this tool exists for needed two things: a push of one platform only, and a fleet that ran \`latest\`. With a digest,
or a tag that is never pushed twice, the push would have reached nobody.

## Bad

\`\`\`yaml k8s/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: shop
      image: ghcr.io/acme/shop:latest
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["ghcr.io/acme/shop:latest"]
}
\`\`\`

## Good

\`\`\`yaml k8s/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: shop
      image: ghcr.io/acme/shop:1.4.0
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["ghcr.io/acme/shop:latest"]
}
\`\`\`

## Fix

Let the release write the digest into the manifest. There is no automatic fix.

## When not

Images of others, and tags other than \`latest\`, are not reported.
`,
  ],
  [
    'dockerfile/architecture-name',
    `# dockerfile/architecture-name

TARGETARCH says amd64 where npm and Node.js downloads say x64.

## Why

The same CPU has many names: \`amd64\` for Go, Docker and Debian, \`x64\` for Node.js and npm, \`x86_64\` for the kernel. \`npm ci
--cpu=amd64\` finds no package for amd64 and leaves every optional binary out without a word; a download of
\`node-v22-linux-amd64\` is a 404.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS deps
WORKDIR /app
ARG TARGETARCH
RUN npm ci --omit=dev --ignore-scripts --os=linux --cpu=$TARGETARCH --libc=glibc

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS deps
WORKDIR /app
ARG TARGETARCH
RUN case "$TARGETARCH" in amd64) cpu=x64 ;; *) cpu="$TARGETARCH" ;; esac; \\
    npm ci --omit=dev --ignore-scripts --os=linux --cpu="$cpu" --libc=glibc

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

## Fix

Map the name with \`case\`. \`\${TARGETARCH/amd64/x64}\` works in bash and in BuildKit's own expansion, not in \`sh\`.

## When not

Values with a modifier (\`\${TARGETARCH/amd64/x64}\`) are taken for a mapping.
`,
  ],
  [
    'dockerfile/base-lacks-platform',
    `# dockerfile/base-lacks-platform

A base image is not offered for a platform that is asked for.

## Why

The build ends with \`no match for platform in manifest\`, usually after the other platform was built. This rule needs the registries:
\`everyarch check --online\` asks them once for each base image.

## Bad

\`\`\`dockerfile Dockerfile
FROM acme/legacy-node:22
USER node
\`\`\`

\`\`\`json online.json
{ "acme/legacy-node:22": ["linux/amd64"] }
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM acme/node:22
USER node
\`\`\`

\`\`\`json online.json
{ "acme/node:22": ["linux/amd64", "linux/arm64"] }
\`\`\`

## Fix

Choose an image that has the platform. There is no automatic fix.

## When not

Without \`--online\` nothing is asked and nothing is reported; nor is an image whose registry did not answer.
`,
  ],
  [
    'dockerfile/blanket-rebuild',
    `# dockerfile/blanket-rebuild

npm rebuild without names runs every install script again, also those that were kept out on purpose.

## Why

For packages with prebuilt binaries it does nothing at best. It undoes \`--ignore-scripts\`, the project's own postinstall
included, slim images have no compiler for it, and npm 10 loses \`gypfile: false\` when it reads a lockfile, so it compiles packages
that ship binaries (better-sqlite3@13).

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim
RUN npm ci --ignore-scripts && npm rebuild
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
USER node
\`\`\`

## Fix

Name the packages: \`everyarch addons\` lists those that need it.

## When not

With names, or with \`--ignore-scripts\` (it links binaries only then), nothing is reported.
`,
  ],
  [
    'dockerfile/constant-platform',
    `# dockerfile/constant-platform

FROM names one platform, so the image for every other platform holds the wrong programs.

## Why

\`FROM --platform=linux/amd64\` is obeyed for every platform that is asked for. The arm64 image is then labelled arm64 and
filled with amd64 programs; it starts nowhere, or only on machines with an emulator. The line usually comes from a laptop
whose processor was the other one.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=linux/amd64 node:22-slim
USER node
CMD ["node", "server.js"]
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
CMD ["node", "server.js"]
\`\`\`

## Fix

\`--fix\` drops the flag where the image itself stands on it. Use \`--platform=$BUILDPLATFORM\` for a stage whose output is the same for
every platform.

## When not

Stages that the platform chooses (\`FROM base-\${TARGETARCH}\`, with \`AS base-amd64\`) are not reported, nor is a flag whose value
is a variable, nor a stage from which only the output of a JavaScript build is copied.
`,
  ],
  [
    'dockerfile/cross-install-incomplete',
    `# dockerfile/cross-install-incomplete

An install for another CPU does not say for which system and C library.

## Why

\`npm ci --cpu=arm64\` takes system and C library from the machine it runs on. In an Alpine build stage that means musl binaries
for a Debian image, on a Mac none for Linux at all. Without \`--libc\` both flavours may be installed.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-alpine AS deps
WORKDIR /app
RUN npm ci --omit=dev --ignore-scripts --cpu=arm64

FROM --platform=linux/$TARGETARCH node:22-slim
COPY --from=deps /app/package.json /app/package.json
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-alpine AS deps
WORKDIR /app
RUN npm ci --omit=dev --ignore-scripts --cpu=arm64 --os=linux --libc=glibc

FROM --platform=linux/$TARGETARCH node:22-slim
COPY --from=deps /app/package.json /app/package.json
USER node
\`\`\`

## Fix

\`--fix\` adds the flags, with the C library of the final stage's base image.

## When not

When the base image's C library is not known, \`--libc\` is not asked for.
`,
  ],
  [
    'dockerfile/does-not-parse',
    `# dockerfile/does-not-parse

The Dockerfile has a mistake that stops every build.

## Why

BuildKit refuses the whole file at its first mistake. Here all of them are listed, each with its place and with what was
expected there, before a runner is started.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
COPY --form=deps /app/node_modules ./node_modules
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps

FROM node:22-slim
COPY --from=deps /app/node_modules ./node_modules
USER node
\`\`\`

## Fix

Write what was expected. There is no automatic fix: only you know what was meant.

## When not

Files in a Dockerfile dialect of another frontend (\`# syntax=\` of your own) may have instructions that we do not know.
`,
  ],
  [
    'dockerfile/emulated-build',
    `# dockerfile/emulated-build

JavaScript is built under emulation, although the result is the same for every platform.

## Why

What \`tsc\`, Vite or webpack write does not depend on the CPU. A build stage of the target platform runs them once for each
platform, under QEMU for the foreign ones. Measured on one service: the whole build took 89.8 s, with the stage on
\`$BUILDPLATFORM\` 48.2 s, and after a source change 15.7 s against 2.2 s.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS build
WORKDIR /app
COPY src src
RUN npm run build

FROM node:22-slim
COPY --from=build /app/dist /app/dist
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS build
WORKDIR /app
COPY src src
RUN npm run build

FROM node:22-slim
COPY --from=build /app/dist /app/dist
USER node
\`\`\`

## Fix

\`--fix\` adds the flag where only the build's output leaves the stage. Otherwise split the stage first.

## When not

Files that are built for one platform, or for each platform on a machine of its own, are not reported.
`,
  ],
  [
    'dockerfile/emulated-install',
    `# dockerfile/emulated-install

Dependencies are installed under emulation, although the package manager can do it for another platform.

## Why

Nearly every package is the same for every platform, and those with prebuilt binaries are chosen by three flags. \`npm ci\` of 176
packages took 70.8 s under QEMU and 9.7 s with the flags on the builder's own CPU; the trees were identical. Node.js under QEMU
also crashes or hangs now and then.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
ARG TARGETARCH
RUN case "$TARGETARCH" in amd64) cpu=x64 ;; *) cpu="$TARGETARCH" ;; esac; \\
    npm ci --omit=dev --ignore-scripts --os=linux --cpu="$cpu" --libc=glibc

FROM node:22-slim
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
USER node
\`\`\`

## Fix

\`everyarch optimize\` writes the split and proves that the images are the same. There is no automatic fix here: packages that
compile need a step of their own.

## When not

Files that are built for one platform, or for each platform on a machine of its own, are not reported.
`,
  ],
  [
    'dockerfile/emulated-packages',
    `# dockerfile/emulated-packages

Distribution packages are installed under emulation, often the last emulated step of a build.

## Why

The steps of a build run in parallel, so the time falls when the _last_ emulated one goes. In a Node.js image that is usually
\`apt-get install tini\`: measured, a build took 35.5 s with it, 15.6 s with the package fetched natively and 10.7 s without.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
\`\`\`

## Fix

Leave out what the image does not need, or take it from a stage of the build platform. There is no automatic fix.

## When not

Files that are built for one platform, or for each platform on a machine of its own, are not reported.
`,
  ],
  [
    'dockerfile/glibc-too-old',
    `# dockerfile/glibc-too-old

A package’s prebuilt binary needs a newer glibc than the base image has.

## Why

A binary that was linked against glibc 2.38 does not load on Debian 12, which has 2.36: \`\`version \`GLIBC_2.38' not found\`\`. With
better-sqlite3@13 that is so for arm64 only: \`require\` passes on both platforms, opening a database fails on one.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-bookworm-slim
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^13.0.2" } },
    "node_modules/better-sqlite3": { "version": "13.0.2" }
  }
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-trixie-slim
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^13.0.2" } },
    "node_modules/better-sqlite3": { "version": "13.0.2" }
  }
}
\`\`\`

## Fix

Take a newer base or an older version of the package. \`everyarch verify\` proves it from the bytes of the image.

## When not

Only for packages whose binaries were looked at, and for tags that name the release of Debian.
`,
  ],
  [
    'dockerfile/hardcoded-architecture',
    `# dockerfile/hardcoded-architecture

A download names one architecture in a stage that is built for several.

## Why

The URL of a release names its CPU. With a constant there, the image for the other platform contains a program that it cannot
start. Nothing notices before that program is called.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
ADD --chmod=755 https://example.com/tini/v0.19.0/tini-amd64 /tini
USER node
ENTRYPOINT ["/tini", "--"]
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
ARG TARGETARCH
ADD --chmod=755 https://example.com/tini/v0.19.0/tini-\${TARGETARCH} /tini
USER node
ENTRYPOINT ["/tini", "--"]
\`\`\`

## Fix

Choose the file by \`$TARGETARCH\`, mapped to the names that the project uses, and check a checksum for each.

## When not

Scripts that look at the architecture (\`TARGETARCH\`, \`uname\`, \`dpkg --print-architecture\`, \`case\`), stages of the build platform
and files that are built for one platform only are not reported.
`,
  ],
  [
    'dockerfile/implicit-compile',
    `# dockerfile/implicit-compile

npm ci compiles a package that ships binaries, because the lockfile does not say that it must not.

## Why

npm runs \`node-gyp rebuild\` for every package with a \`binding.gyp\` and no install script. \`gypfile: false\` switches that off, but the
lockfile does not record it, so \`npm ci\` compiles all the same (npm 10, 11 and 12). In a slim image that ends with \`gyp ERR! find
Python\`.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:24-slim AS deps
RUN npm ci --omit=dev --os=linux --cpu=x64 --libc=glibc

FROM node:24-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^13.0.2" } },
    "node_modules/better-sqlite3": { "version": "13.0.2" }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:24-slim AS deps
RUN npm ci --omit=dev --os=linux --cpu=x64 --libc=glibc --ignore-scripts

FROM node:24-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^13.0.2" } },
    "node_modules/better-sqlite3": { "version": "13.0.2" }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Fix

Install with \`--ignore-scripts\`, and rebuild by name what does need its script.

## When not

Images with a compiler, and packages that were not seen to behave so, are not reported.
`,
  ],
  [
    'dockerfile/install-scripts-skipped',
    `# dockerfile/install-scripts-skipped

Install scripts are skipped, and a package gets its binary only from one.

## Why

\`--ignore-scripts\` is right for packages whose binaries come as optional dependencies or inside the package. bcrypt 5,
better-sqlite3 12 and others download or compile theirs in an install script: without it the image has none, for any platform.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22 AS deps
WORKDIR /app
RUN npm ci --omit=dev --ignore-scripts --os=linux --cpu=arm64 --libc=glibc

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^12.11.1" } },
    "node_modules/better-sqlite3": { "version": "12.11.1", "hasInstallScript": true }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22 AS deps
WORKDIR /app
RUN npm ci --omit=dev --ignore-scripts --os=linux --cpu=arm64 --libc=glibc

FROM node:22 AS native
COPY --from=deps /app /app
WORKDIR /app
RUN npm rebuild better-sqlite3

FROM node:22-slim
COPY --from=native /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "better-sqlite3": "^12.11.1" } },
    "node_modules/better-sqlite3": { "version": "12.11.1", "hasInstallScript": true }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Fix

Rebuild exactly these packages in a stage of the target platform. \`everyarch addons\` lists them.

## When not

When any command of the file rebuilds or builds something, it is taken to care for them.
`,
  ],
  [
    'dockerfile/libc-mismatch',
    `# dockerfile/libc-mismatch

node_modules is installed with one C library and run with another.

## Why

Binaries for glibc (Debian, Ubuntu, distroless) do not load on musl (Alpine), and the other way round. npm chooses by the machine
on which it runs, so a build stage and a final stage with different C libraries cannot share node_modules.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22 AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:22-alpine
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-alpine AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:22-alpine
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Fix

Take bases of the same family, or install in the build stage for the other library with \`--libc\`.

## When not

When package-lock.json shows that nothing is native, or a base is not known, nothing is reported.
`,
  ],
  [
    'dockerfile/missing-platform-stage',
    `# dockerfile/missing-platform-stage

FROM chooses a stage by platform, and for one of the platforms there is none.

## Why

With \`FROM deps-\${TARGETARCH}\` every platform needs a stage of that name. For the one that has none BuildKit looks for an
image called \`deps-arm64\` on Docker Hub: the error speaks of a pull that was denied.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps-amd64
FROM deps-\${TARGETARCH}
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps-amd64
FROM node:22-slim AS deps-arm64
FROM deps-\${TARGETARCH}
USER node
\`\`\`

## Fix

Add the stage, or take the platform out of the list of those you build.

## When not

When no stage has that prefix the name is taken for an image.
`,
  ],
  [
    'dockerfile/native-modules-copied',
    `# dockerfile/native-modules-copied

node_modules with binaries for the builder’s CPU is copied into an image for another one.

## Why

A stage on \`$BUILDPLATFORM\` installs what fits the builder: \`@img/sharp-linux-x64\`, or a \`.node\` file compiled on x86-64. Copied
into the arm64 image it fails at the first \`require\`, with a message that speaks of a missing file.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS build
WORKDIR /app
COPY . .
RUN npm ci

FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "bcrypt": "^6.0.0" } },
    "node_modules/bcrypt": {
      "version": "6.0.0",
      "hasInstallScript": true,
      "dependencies": { "node-gyp-build": "^4.8.4" }
    },
    "node_modules/node-gyp-build": { "version": "4.8.4" }
  }
}
\`\`\`

\`\`\`text .dockerignore
node_modules
**/node_modules
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS build
WORKDIR /app
COPY . .
ARG TARGETARCH
RUN case "$TARGETARCH" in amd64) cpu=x64 ;; *) cpu="$TARGETARCH" ;; esac; \\
    npm ci --omit=dev --ignore-scripts --os=linux --cpu="$cpu" --libc=glibc

FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "bcrypt": "^6.0.0" } },
    "node_modules/bcrypt": {
      "version": "6.0.0",
      "hasInstallScript": true,
      "dependencies": { "node-gyp-build": "^4.8.4" }
    },
    "node_modules/node-gyp-build": { "version": "4.8.4" }
  }
}
\`\`\`

\`\`\`text .dockerignore
node_modules
**/node_modules
\`\`\`

## Fix

Install for the target in that stage, or install in a stage of the target platform. There is no automatic fix.

## When not

Without a package-lock.json, or with one that has no package with binaries, nothing is reported.
`,
  ],
  [
    'dockerfile/no-compiler',
    `# dockerfile/no-compiler

A package has to be compiled, and the stage that installs it has no compiler.

## Why

Some packages ship no binaries for Linux: node-rdkafka, node-pty, libpq. Slim and Alpine images have no compiler, no make and no
Python, and the install stops there, or it worked on one platform from a cache.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps
WORKDIR /app
RUN npm ci --omit=dev

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "node-rdkafka": "^3.6.1" } },
    "node_modules/node-rdkafka": { "version": "3.6.1", "hasInstallScript": true }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22 AS deps
WORKDIR /app
RUN npm ci --omit=dev

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "node-rdkafka": "^3.6.1" } },
    "node_modules/node-rdkafka": { "version": "3.6.1", "hasInstallScript": true }
  }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Fix

Compile in a stage that has the tools: \`node:22\` has them, or \`apt-get install g++ make python3\`.

## When not

Only packages that are known to have no binaries are reported, and only in official slim and Alpine images.
`,
  ],
  [
    'dockerfile/node-version-mismatch',
    `# dockerfile/node-version-mismatch

node_modules is installed by one major version of Node.js and run by another.

## Why

Addons that are not built on Node-API belong to one ABI, and each major version of Node.js has its own. The message at start is
\`was compiled against a different Node.js version using NODE_MODULE_VERSION 115\`.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:20-slim AS deps
WORKDIR /app
RUN npm ci --omit=dev

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps
WORKDIR /app
RUN npm ci --omit=dev

FROM node:22-slim
COPY --from=deps /app/node_modules /app/node_modules
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/amd64"]
}
\`\`\`

## Fix

Give the version once, as \`ARG NODE=22\` before the first FROM, and use it in every stage.

## When not

Versions that a tag does not tell (\`lts\`, a digest) are not compared.
`,
  ],
  [
    'dockerfile/package-json-missing',
    `# dockerfile/package-json-missing

The image lacks package.json, and without it the program’s ES modules are read as CommonJS.

## Why

\`"type": "module"\`, \`imports\` and \`exports\` are read at run time from the package.json above the file. A final stage that copies
only \`dist\` and \`node_modules\` starts with \`Cannot use import statement outside a module\`.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
COPY dist ./dist
USER node
CMD ["node", "dist/server.js"]
\`\`\`

\`\`\`json package.json
{ "name": "shop", "type": "module" }
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
COPY package.json ./
COPY dist ./dist
USER node
CMD ["node", "dist/server.js"]
\`\`\`

\`\`\`json package.json
{ "name": "shop", "type": "module" }
\`\`\`

## Fix

Copy package.json into the final stage. Where exactly it belongs is for you to say.

## When not

Programs that end in \`.mjs\` or \`.cjs\`, and images into which something unknown is copied, are not reported.
`,
  ],
  [
    'dockerfile/platform-argument-default',
    `# dockerfile/platform-argument-default

A default for an automatic platform argument hides the platform that is being built.

## Why

BuildKit sets \`TARGETARCH\`, \`TARGETPLATFORM\`, \`BUILDPLATFORM\` and their parts itself. A declaration with a default replaces the
value: \`ARG TARGETARCH=amd64\` is amd64 in the arm64 build too, and the build stays green.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
ARG TARGETARCH=amd64
COPY bin/tool-\${TARGETARCH} /usr/local/bin/tool
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
ARG TARGETARCH
COPY bin/tool-\${TARGETARCH} /usr/local/bin/tool
USER node
\`\`\`

## Fix

\`--fix\` drops the default; before the first FROM, where no declaration is needed, it removes the line.

## When not

A default that is made from another variable is not reported.
`,
  ],
  [
    'dockerfile/platform-argument-global',
    `# dockerfile/platform-argument-global

An automatic platform argument is declared before the first FROM, which empties it on older BuildKits.

## Why

\`FROM\` knows the platform arguments without a declaration. BuildKit 0.13, which current Debian and many runners have, takes a
bare \`ARG TARGETARCH\` there as "declared without a value": \`FROM deps-\${TARGETARCH}\` then looks for a stage named \`deps-\`.

## Bad

\`\`\`dockerfile Dockerfile
ARG TARGETARCH
FROM node:22-slim AS deps-amd64
FROM node:22-slim AS deps-arm64
FROM deps-\${TARGETARCH}
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS deps-amd64
FROM node:22-slim AS deps-arm64
FROM deps-\${TARGETARCH}
USER node
\`\`\`

## Fix

\`--fix\` removes the line. Inside a stage the declaration stays necessary.

## When not

With a builder that is newer for everyone who builds the file the line is harmless.
`,
  ],
  [
    'dockerfile/platform-argument-undeclared',
    `# dockerfile/platform-argument-undeclared

A stage uses an automatic platform argument without declaring it, so it is empty.

## Why

\`FROM\` knows \`TARGETARCH\` and its kin; a stage knows them only after \`ARG TARGETARCH\`. Without it \`$TARGETARCH\` is the empty
string, in shell commands as well as in COPY and ENV, and nothing fails where the mistake is.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
COPY bin/tool-\${TARGETARCH} /usr/local/bin/tool
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
ARG TARGETARCH
COPY bin/tool-\${TARGETARCH} /usr/local/bin/tool
USER node
\`\`\`

## Fix

\`--fix\` adds the declaration on the line before the first use. Layers before it stay in the cache.

## When not

Uses with a default (\`\${TARGETARCH:-amd64}\`) and variables that the script sets itself are not reported.
`,
  ],
  [
    'dockerfile/root-user',
    `# dockerfile/root-user

The service runs as root, although the Node.js image has a user for it.

## Why

Whoever breaks into a service that runs as root in its container has more ways out of it. The official images have the user \`node\`
(uid 1000); clusters with a restricted policy refuse images that run as root.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
COPY server.js .
CMD ["node", "server.js"]
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
COPY server.js .
USER node
CMD ["node", "server.js"]
\`\`\`

## Fix

Add \`USER node\` before the start command. A program that writes files needs a folder that belongs to \`node\`, so \`--fix\` leaves it to
you.

## When not

Other base images, which may have a user of their own, and images with an entry point script are not reported.
`,
  ],
  [
    'dockerfile/runtime-library-missing',
    `# dockerfile/runtime-library-missing

A package needs a library of the distribution that the final stage does not install.

## Why

A build stage with \`libpq-dev\` compiles the addon, and node_modules is copied into a slim image that has no libpq: the build is green,
and the first \`require\` says \`libpq.so.5: cannot open shared object file\`. Development packages belong into the build stage, the
library itself into the final one.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22 AS deps
WORKDIR /app
RUN apt-get update && apt-get install -y libpq-dev
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY package.json index.js ./
USER node
CMD ["node", "index.js"]
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/arm64"]
}
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "libpq": "^1.11.0" } },
    "node_modules/libpq": { "version": "1.11.0" }
  }
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22 AS deps
WORKDIR /app
RUN apt-get update && apt-get install -y libpq-dev
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:22-slim
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
COPY --from=deps /app/node_modules ./node_modules
COPY package.json index.js ./
USER node
CMD ["node", "index.js"]
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  platforms = ["linux/arm64"]
}
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "libpq": "^1.11.0" } },
    "node_modules/libpq": { "version": "1.11.0" }
  }
}
\`\`\`

## Fix

Install the library in the final stage. There is no automatic fix: where it goes decides what a build under emulation costs.

## When not

Only packages that always need their library are known here (libpq, kerberos, keytar), and only the official slim and alpine images
of Node.js. A final stage that copies libraries from elsewhere, and development and optional dependencies, are not reported;
\`everyarch verify\` looks at the bytes of every image.
`,
  ],
  [
    'dockerfile/script-before-copy',
    `# dockerfile/script-before-copy

The project’s own install script needs a file that is not copied before the install.

## Why

Copying only package.json and the lockfile before the install keeps the layer in the cache. The project's own \`postinstall\` and
\`prepare\` run in that install too, and the file that they start is not there yet: \`Cannot find module '/app/scripts/…'\`.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-slim
COPY --from=build /app/dist /app/dist
COPY package.json /app/
USER node
\`\`\`

\`\`\`json package.json
{
  "name": "shop",
  "scripts": { "postinstall": "node scripts/patch.js" }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22 AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/patch.js ./scripts/
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-slim
COPY --from=build /app/dist /app/dist
COPY package.json /app/
USER node
\`\`\`

\`\`\`json package.json
{
  "name": "shop",
  "scripts": { "postinstall": "node scripts/patch.js" }
}
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Fix

Copy the file before the install, or install with \`--ignore-scripts\` when the image does not need what it does.

## When not

Scripts with a fallback (\`||\`) and installs whose context is mounted are not reported.
`,
  ],
  [
    'dockerfile/shared-cache-mount',
    `# dockerfile/shared-cache-mount

A cache mount with binaries for one CPU is shared by the builds of all platforms.

## Why

A cache mount is known by its id, which is its target path unless the mount says otherwise: the builds of all platforms share it.
For downloaded packages that is right. Where compiled things lie, one platform finds the other's, and it does so in parallel.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
RUN --mount=type=cache,target=/app/node_modules node scripts/install.js
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
WORKDIR /app
ARG TARGETARCH
RUN --mount=type=cache,id=app-node_modules-$TARGETARCH,target=/app/node_modules node scripts/install.js
USER node
\`\`\`

## Fix

\`--fix\` gives each platform a cache of its own, with the architecture in its id, and declares \`TARGETARCH\` where it is needed.

## When not

Caches of downloads (\`/root/.npm\`, the pnpm store, \`/var/cache/apt\`) and stages of the build platform are not reported.
`,
  ],
  [
    'dockerfile/shell-form-start',
    `# dockerfile/shell-form-start

The service is started by a shell, which does not pass SIGTERM on.

## Why

In shell form process 1 is \`/bin/sh -c\`. It does not forward SIGTERM: the service never hears that it should stop, requests under
way are cut off when the engine kills it ten seconds later, and each rollout takes that long.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
CMD node server.js
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
CMD ["node", "server.js"]
\`\`\`

## Fix

\`--fix\` writes plain commands in JSON form. Where the shell has work to do (variables, \`&&\`), begin the last command with \`exec\`.

## When not

Commands that begin with \`exec\`, several commands, and files with a \`SHELL\` of their own are not reported.
`,
  ],
  [
    'dockerfile/unresolved-stage',
    `# dockerfile/unresolved-stage

A stage, base or source of a COPY cannot be resolved for a platform.

## Why

\`COPY --from\` and \`--mount=from=\` take the name or number of a stage that stands before, or an image. Variables are not
expanded there, and a stage cannot copy from itself or from a later one. The build stops, often only for the one platform
whose stages are affected.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim AS build
RUN npm ci

FROM node:22-slim
ARG SOURCE=build
COPY --from=$SOURCE /app/dist ./dist
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
ARG SOURCE=build
FROM node:22-slim AS build

FROM \${SOURCE} AS source

FROM node:22-slim
COPY --from=source /app/dist ./dist
USER node
\`\`\`

## Fix

Give the source a stage of its own: \`FROM\` does expand variables of the global scope.

## When not

Values that have to come from \`--build-arg\` are not reported.
`,
  ],
  [
    'dockerignore/node-modules',
    `# dockerignore/node-modules

COPY brings the node_modules of the machine that builds into the image.

## Why

\`COPY . .\` after the install copies your own node_modules over the one that was just installed: binaries for macOS or for the other
CPU, development packages, and a build context of hundreds of megabytes. The message at start is \`invalid ELF header\`.

## Bad

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json ./
COPY --from=build /app/dist ./dist
USER node
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM --platform=$BUILDPLATFORM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json ./
COPY --from=build /app/dist ./dist
USER node
\`\`\`

\`\`\`text .dockerignore
**/node_modules
\`\`\`

## Fix

\`--fix\` adds \`**/node_modules\` to the ignore file that this build reads, and makes it when there is none.

## When not

When \`npm ci\` follows the COPY in the same stage it replaces what was copied, and nothing is reported. Nor is a file that installs
nothing, as long as the lockfile shows no package with binaries: then node_modules is meant to come from outside.
`,
  ],
  [
    'dockerignore/unread',
    `# dockerignore/unread

A .dockerignore lies where no build looks for it.

## Why

The file is read from the root of the build *context*, not from the folder of the Dockerfile. With \`docker build -f
docker/Dockerfile .\` the one in \`docker/\` does nothing, and node_modules, .git and secrets go into the context.

## Bad

\`\`\`dockerfile docker/Dockerfile
FROM node:22-slim
COPY server.js /app/
USER node
\`\`\`

\`\`\`text docker/.dockerignore
**/node_modules
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  dockerfile = "docker/Dockerfile"
  platforms  = ["linux/amd64"]
}
\`\`\`

## Good

\`\`\`dockerfile docker/Dockerfile
FROM node:22-slim
COPY server.js /app/
USER node
\`\`\`

\`\`\`text docker/Dockerfile.dockerignore
**/node_modules
\`\`\`

\`\`\`hcl docker-bake.hcl
target "shop" {
  dockerfile = "docker/Dockerfile"
  platforms  = ["linux/amd64"]
}
\`\`\`

## Fix

Name it after the Dockerfile (\`docker/Dockerfile.dockerignore\`), or move it to the root of the context.

## When not

Without a build in the project that uses a Dockerfile of that folder nothing is known of its context.
`,
  ],
  [
    'lockfile/does-not-parse',
    `# lockfile/does-not-parse

A lockfile cannot be used.

## Why

\`npm ci\` refuses it, and what it says about platforms could not be checked. The usual cause is a merge whose conflict markers were
committed.

## Bad

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
<<<<<<< HEAD
    "": { "name": "shop" }
=======
    "": { "name": "shop2" }
>>>>>>> main
  }
}
\`\`\`

## Good

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop" }
  }
}
\`\`\`

## Fix

Run \`npm install\`: it resolves conflicts in the lockfile by itself.

## When not

Never: a lockfile that npm cannot read installs nothing.
`,
  ],
  [
    'lockfile/missing-platform-package',
    `# lockfile/missing-platform-package

The lockfile lacks a package’s binaries for a platform that is asked for.

## Why

npm 10 writes only the platform it runs on when node_modules is there and the lockfile is not (npm/cli#4828). \`npm ci\` installs what
the lockfile has, finds nothing for arm64, and exits 0: the build is green on both platforms and arm64 dies at run time.

## Bad

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "sharp": "^0.34.5" } },
    "node_modules/sharp": {
      "version": "0.34.5",
      "optionalDependencies": { "@img/sharp-linux-arm64": "0.34.5", "@img/sharp-linux-x64": "0.34.5" }
    },
    "node_modules/@img/sharp-linux-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"] }
  }
}
\`\`\`

## Good

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "sharp": "^0.34.5" } },
    "node_modules/sharp": {
      "version": "0.34.5",
      "optionalDependencies": { "@img/sharp-linux-arm64": "0.34.5", "@img/sharp-linux-x64": "0.34.5" }
    },
    "node_modules/@img/sharp-linux-arm64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["arm64"] },
    "node_modules/@img/sharp-linux-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"] }
  }
}
\`\`\`

## Fix

Write the lockfile again with npm 11 or newer. It needs the registry, so \`--fix\` does not do it.

## When not

Development dependencies, and platforms for which the package offers nothing, are not reported.
`,
  ],
  [
    'lockfile/no-binary-for-platform',
    `# lockfile/no-binary-for-platform

A package is published with binaries for some platforms, and none for one that is asked for.

## Why

Packages made with napi-rs and its kin list a package for each platform that they were compiled for. Where none fits, nothing is
installed in its place: the install and the build are green, and the first \`require\` on that platform ends with "Cannot find
native binding". The usual gaps are 32-bit Arm, s390x and ppc64le, and musl for an Alpine base.

## Bad

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "app" {
  platforms = ["linux/amd64", "linux/arm/v7"]
}
\`\`\`

\`\`\`json package-lock.json
{
  "lockfileVersion": 3,
  "packages": {
    "": {},
    "node_modules/hash": {
      "version": "1.0.0",
      "optionalDependencies": { "hash-linux-x64-gnu": "1.0.0", "hash-linux-arm64-gnu": "1.0.0" }
    },
    "node_modules/hash-linux-x64-gnu": { "version": "1.0.0", "optional": true },
    "node_modules/hash-linux-arm64-gnu": { "version": "1.0.0", "optional": true }
  }
}
\`\`\`

## Good

\`\`\`dockerfile Dockerfile
FROM node:22-slim
USER node
\`\`\`

\`\`\`hcl docker-bake.hcl
target "app" {
  platforms = ["linux/amd64", "linux/arm64"]
}
\`\`\`

\`\`\`json package-lock.json
{
  "lockfileVersion": 3,
  "packages": {
    "": {},
    "node_modules/hash": {
      "version": "1.0.0",
      "optionalDependencies": { "hash-linux-x64-gnu": "1.0.0", "hash-linux-arm64-gnu": "1.0.0" }
    },
    "node_modules/hash-linux-x64-gnu": { "version": "1.0.0", "optional": true },
    "node_modules/hash-linux-arm64-gnu": { "version": "1.0.0", "optional": true }
  }
}
\`\`\`

## Fix

Replace the package, leave the platform out, or, where only the C library differs, take a base with the other one. \`everyarch
addons\` opens the package and says what else it brings.

## When not

Packages that compile themselves, that only development or an optional dependency needs, that bring WebAssembly, or whose
binaries name no C library are not reported. A package with a way of its own in plain JavaScript works all the same: ignore it.
`,
  ],
  [
    'lockfile/no-libc',
    `# lockfile/no-libc

The lockfile does not say for which C library binaries are, so both flavours are installed.

## Why

npm below 11.11 does not write \`libc\`, and npm of any version then installs the glibc *and* the musl packages: 52 MB instead of 32 MB
for sharp, argon2, snappy and esbuild. \`--libc\` does not help, because it filters by the field that is missing.

## Bad

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop" },
    "node_modules/@img/sharp-linux-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"] },
    "node_modules/@img/sharp-linuxmusl-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"] }
  }
}
\`\`\`

## Good

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop" },
    "node_modules/@img/sharp-linux-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"], "libc": ["glibc"] },
    "node_modules/@img/sharp-linuxmusl-x64": { "version": "0.34.5", "optional": true, "os": ["linux"], "cpu": ["x64"], "libc": ["musl"] }
  }
}
\`\`\`

## Fix

Run \`npm install\` with npm 11.11 or newer. It needs the registry, so \`--fix\` does not do it.

## When not

Lockfiles in which any entry has the field, and packages that never declare it, are not reported.
`,
  ],
  [
    'package/does-not-parse',
    `# package/does-not-parse

A package.json is not valid JSON.

## Why

npm stops at once, and nothing that depends on the file could be checked.

## Bad

\`\`\`json package.json
{
  "name": "shop",
  "dependencies": {
    "express": "^5.0.0"
}
\`\`\`

## Good

\`\`\`json package.json
{
  "name": "shop",
  "dependencies": {
    "express": "^5.0.0"
  }
}
\`\`\`

## Fix

Correct it at the place given. JSON has no comments and no comma after the last entry.

## When not

Never: a package.json that npm cannot read helps nobody.
`,
  ],
  [
    'package/npm-too-old',
    `# package/npm-too-old

The npm that writes the lockfile loses the packages of other platforms.

## Why

npm 10, with a node_modules at hand and no lockfile, writes a lockfile for the platform it runs on: 76 of 82 optional packages were
missing. Its \`npm ci\` then installs nothing for the other platform and exits 0. npm 11 writes all, repairs old ones, and refuses
the broken ones. Only npm ≥ 11.11 records \`libc\`, without which glibc and musl binaries are both installed.

## Bad

\`\`\`json package.json
{
  "name": "shop",
  "packageManager": "npm@10.9.4",
  "dependencies": { "esbuild": "^0.28.2" }
}
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "esbuild": "^0.28.2" } },
    "node_modules/esbuild": { "version": "0.28.2", "optionalDependencies": { "@esbuild/linux-x64": "0.28.2", "@esbuild/linux-arm64": "0.28.2" } },
    "node_modules/@esbuild/linux-x64": { "version": "0.28.2", "optional": true, "os": ["linux"], "cpu": ["x64"] },
    "node_modules/@esbuild/linux-arm64": { "version": "0.28.2", "optional": true, "os": ["linux"], "cpu": ["arm64"] }
  }
}
\`\`\`

## Good

\`\`\`json package.json
{
  "name": "shop",
  "packageManager": "npm@11.11.0",
  "dependencies": { "esbuild": "^0.28.2" }
}
\`\`\`

\`\`\`json package-lock.json
{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "esbuild": "^0.28.2" } },
    "node_modules/esbuild": { "version": "0.28.2", "optionalDependencies": { "@esbuild/linux-x64": "0.28.2", "@esbuild/linux-arm64": "0.28.2" } },
    "node_modules/@esbuild/linux-x64": { "version": "0.28.2", "optional": true, "os": ["linux"], "cpu": ["x64"] },
    "node_modules/@esbuild/linux-arm64": { "version": "0.28.2", "optional": true, "os": ["linux"], "cpu": ["arm64"] }
  }
}
\`\`\`

## Fix

Raise \`packageManager\`, then run \`npm install\` once with the new version.

## When not

Projects whose lockfile has no package with binaries for one platform are not reported.
`,
  ],
  [
    'package/platform-package',
    `# package/platform-package

A package for one platform is a plain dependency, so npm refuses to install on every other one.

## Why

\`npm install @img/sharp-linux-x64\` once made a build work. From then on the install fails on arm64, on Macs and on Windows:
\`EBADPLATFORM Unsupported platform\`. Packages with binaries belong in \`optionalDependencies\`, where npm skips those that do not fit.

## Bad

\`\`\`json package.json
{
  "name": "shop",
  "dependencies": {
    "sharp": "^0.34.5",
    "@img/sharp-linux-x64": "^0.34.5"
  }
}
\`\`\`

## Good

\`\`\`json package.json
{
  "name": "shop",
  "dependencies": {
    "sharp": "^0.34.5"
  },
  "optionalDependencies": {
    "@img/sharp-linux-x64": "^0.34.5"
  }
}
\`\`\`

## Fix

\`npm uninstall\` it, and where it must stay \`npm install --save-optional\`, so that the lockfile follows.

## When not

Packages that are for one platform themselves (\`os\`, \`cpu\` in their package.json) are not reported.
`,
  ],
  [
    'package/prisma-targets',
    `# package/prisma-targets

The Prisma client is generated without the engine of a platform that is asked for.

## Why

Up to version 6 the client loads a query engine, a native library, from the generated code. \`binaryTargets\` names those that are
put there; a stage of the build platform generates for both only when both are named.

## Bad

\`\`\`prisma prisma/schema.prisma
generator client {
  provider      = "prisma-client-js"
  binaryTargets = ["debian-openssl-3.0.x"]
}
\`\`\`

## Good

\`\`\`prisma prisma/schema.prisma
generator client {
  provider      = "prisma-client-js"
  binaryTargets = ["debian-openssl-3.0.x", "linux-arm64-openssl-3.0.x"]
}
\`\`\`

## Fix

\`--fix\` adds the engine for the other CPU, for the same system and OpenSSL.

## When not

With \`native\`, which is right where each platform generates for itself, nothing is reported.
`,
  ],
  [
    'workflow/digest-not-pushed',
    `# workflow/digest-not-pushed

A build by digest does not push, and stays green.

## Why

\`push-by-digest=true\` says _how_ to push, not _that_ something is pushed. Without \`push=true\` BuildKit builds, prints a digest and
keeps the result; the job that merges the digests fails much later with "not found".

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64
          outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,name-canonical=true
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64
          outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,name-canonical=true,push=true
\`\`\`

## Fix

\`--fix\` adds \`push=true\`.

## When not

With \`push: true\` or an expression for it, or \`push=\` in the output, nothing is reported.
`,
  ],
  [
    'workflow/does-not-parse',
    `# workflow/does-not-parse

A CI file is not valid YAML.

## Why

GitHub shows a broken workflow only on a page that nobody opens: the run does not start, and nothing is built. A tab, a missing
bracket or a quote too few is enough.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: [ubuntu-latest
    steps: []
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: [ubuntu-latest]
    steps: []
\`\`\`

## Fix

Correct it at the place given. Only the first mistake is shown: those after it often follow from it.

## When not

Templates of workflows (with \`{{ }}\` where YAML has structure) are skipped, and the report says so.
`,
  ],
  [
    'workflow/ecr-cache',
    `# workflow/ecr-cache

A build cache is exported to Amazon ECR in a form that ECR refuses from older BuildKits.

## Why

The cache used to be pushed as an index of layers, which ECR does not accept. BuildKit 0.21 writes an image manifest by default; older
ones need to be told, and fail after the whole build was done.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          cache-to: type=registry,ref=1.dkr.ecr.eu-west-1.amazonaws.com/shop:cache,mode=max
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          cache-to: type=registry,ref=1.dkr.ecr.eu-west-1.amazonaws.com/shop:cache,mode=max,image-manifest=true,oci-mediatypes=true
\`\`\`

## Fix

\`--fix\` adds the two options. Newer BuildKits do the same without them.

## When not

With \`image-manifest\` given, whatever its value, nothing is reported.
`,
  ],
  [
    'workflow/file-of-another-job',
    `# workflow/file-of-another-job

A job reads a file below /tmp that another job wrote, and jobs share no disk.

## Why

Every job has a machine of its own. A digest that the build job wrote to \`/tmp/digest.txt\` does not exist in the job that merges:
\`cat\` fails, or, without \`set -e\`, the tag is made from nothing.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: docker build -q . > /tmp/digest.txt
  merge:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: cat /tmp/digest.txt
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: docker build -q . > /tmp/digest.txt
      - uses: actions/upload-artifact@v7
        with:
          name: digest
          path: /tmp/digest.txt
  merge:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v7
        with:
          name: digest
          path: /tmp
      - run: cat /tmp/digest.txt
\`\`\`

## Fix

Upload it as an artifact and download it in the other job, or use the job's \`outputs\`.

## When not

Self-hosted runners, and jobs that download artifacts or restore a cache, are not reported.
`,
  ],
  [
    'workflow/lambda-attestations',
    `# workflow/lambda-attestations

An image for AWS Lambda is pushed with attestations, which Lambda refuses.

## Why

BuildKit adds provenance by default, and an image with an attestation is an index. \`update-function-code\` then answers \`The image
manifest, config or layer media type for the source image … is not supported\`. A function takes the image of one architecture.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: 1.dkr.ecr.eu-west-1.amazonaws.com/shop:1
      - run: aws lambda update-function-code --function-name shop --image-uri 1.dkr.ecr.eu-west-1.amazonaws.com/shop:1
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          provenance: false
          push: true
          tags: 1.dkr.ecr.eu-west-1.amazonaws.com/shop:1
      - run: aws lambda update-function-code --function-name shop --image-uri 1.dkr.ecr.eu-west-1.amazonaws.com/shop:1
\`\`\`

## Fix

\`--fix\` adds \`provenance: false\`.

## When not

Only workflows that deploy an image to Lambda themselves are looked at.
`,
  ],
  [
    'workflow/load-several-platforms',
    `# workflow/load-several-platforms

A build of several platforms is loaded into the engine, whose classic store holds one.

## Why

The engine's classic image store cannot hold an index, so the build ends with \`docker exporter does not currently support exporting
manifest lists\`, after everything was built.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          load: true
          tags: shop:test
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64
          load: true
          tags: shop:test
\`\`\`

## Fix

Load one platform at a time, or export with \`type=oci\`. There is no automatic fix.

## When not

Jobs that enable the containerd image store (\`containerd-snapshotter\`) are not reported.
`,
  ],
  [
    'workflow/manifest-command',
    `# workflow/manifest-command

docker manifest joins platforms, which refuses images with attestations.

## Why

By default BuildKit attaches provenance, so what each platform's job pushes is an index of its own. \`docker manifest create\` takes
image manifests only: \`… is a manifest list\`. It also keeps a local copy to which a second run adds.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  merge:
    runs-on: ubuntu-latest
    steps:
      - run: |
          docker manifest create ghcr.io/acme/shop:1 ghcr.io/acme/shop:1-amd64 ghcr.io/acme/shop:1-arm64
          docker manifest push ghcr.io/acme/shop:1
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  merge:
    runs-on: ubuntu-latest
    steps:
      - run: |
          docker buildx imagetools create --tag ghcr.io/acme/shop:1 ghcr.io/acme/shop:1-amd64 ghcr.io/acme/shop:1-arm64
\`\`\`

## Fix

Use \`docker buildx imagetools create\`, or \`everyarch publish\`, which also checks that no platform is missing.

## When not

With \`provenance: false\` in every build the command works.
`,
  ],
  [
    'workflow/merge-despite-failure',
    `# workflow/merge-despite-failure

The job that joins the platforms under a tag runs even when a platform failed.

## Why

\`if: always()\` on that job moves the tag to an index without the platform whose build failed, or, where the digests of an earlier
run are still around, to a mixture of two versions.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,push=true
  merge:
    runs-on: ubuntu-latest
    needs: build
    if: always()
    steps:
      - run: docker buildx imagetools create --tag ghcr.io/acme/shop:1 ghcr.io/acme/shop@sha256:aa
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,push=true
  merge:
    runs-on: ubuntu-latest
    needs: build
    steps:
      - run: docker buildx imagetools create --tag ghcr.io/acme/shop:1 ghcr.io/acme/shop@sha256:aa
\`\`\`

## Fix

\`--fix\` writes \`success()\` for a lone \`always()\`. Where an optional job may be skipped, ask for the results of the builds.

## When not

Conditions that look at \`needs.….result\` are not reported.
`,
  ],
  [
    'workflow/needless-emulator',
    `# workflow/needless-emulator

QEMU is set up in a job that builds only for its own CPU.

## Why

On a native runner the emulator costs a download and is never used. Worse, when a platform slips in that is not the runner's, the
build goes on under emulation instead of failing, and becomes ten times slower without a word.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04-arm
    steps:
      - uses: docker/setup-qemu-action@v4
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/arm64
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04-arm
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/arm64
\`\`\`

## Fix

\`--fix\` removes the step.

## When not

Jobs with a foreign platform, an unknown runner, or scripts that may run foreign programs are not reported.
`,
  ],
  [
    'workflow/no-timeout',
    `# workflow/no-timeout

A job that builds images has no time limit: an emulated step that hangs costs six hours.

## Why

Node.js under QEMU sometimes hangs instead of failing. Without \`timeout-minutes\` GitHub waits six hours before it ends the job, and
all of them are paid for.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    timeout-minutes: 120
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
\`\`\`

## Fix

\`--fix\` adds \`timeout-minutes: 120\`. Choose twice the time that a cold build takes.

## When not

Jobs that build only for the platform of their runner, and builds that name no platform, are not reported.
`,
  ],
  [
    'workflow/platform-not-built',
    `# workflow/platform-not-built

The project is for a platform for which its pipeline pushes no image.

## Why

A build without \`platforms\` makes an image for the machine that it runs on and nothing else. The job is green, the tag moves, and every
machine of another architecture that pulls it dies with \`exec format error\`. Where the configuration (or \`--platform\`) says what the
service runs on, that can be seen before.

## Bad

\`\`\`json everyarch.config.json
{ "platforms": ["linux/amd64", "linux/arm64"] }
\`\`\`

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04-arm
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

## Good

\`\`\`json everyarch.config.json
{ "platforms": ["linux/amd64", "linux/arm64"] }
\`\`\`

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04-arm
    timeout-minutes: 30
    steps:
      - uses: docker/setup-qemu-action@v4
      - uses: docker/setup-buildx-action@v4
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

## Fix

Name the platforms in the build, or build each on a runner of its own and join the digests. There is no automatic fix: what a foreign
platform needs (QEMU, another runner) is a decision.

## When not

Projects that do not say which platforms they are for, builds of other folders than the project's root, and platforms, runners or
names that an expression decides are not reported.
`,
  ],
  [
    'workflow/platform-variable-inside',
    `# workflow/platform-variable-inside

DOCKER_DEFAULT_PLATFORM is set inside the container, where it changes nothing.

## Why

\`docker compose run -e DOCKER_DEFAULT_PLATFORM=linux/arm64\` sets a variable in the container. The image was chosen before, for the
runner's own platform: the test of arm64 passes, on amd64.

## Bad

\`\`\`yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: docker compose run -e DOCKER_DEFAULT_PLATFORM=linux/arm64 app npm test
\`\`\`

## Good

\`\`\`yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: DOCKER_DEFAULT_PLATFORM=linux/arm64 docker compose run app npm test
\`\`\`

## Fix

Set it for the command, in the step's \`env\`, or use \`--platform\`.

## When not

In the environment of the command itself it is right.
`,
  ],
  [
    'workflow/push-on-pull-request',
    `# workflow/push-on-pull-request

Pull requests push to the registry, which fails for forks and publishes unreviewed code for others.

## Why

A pull request from a fork has a token that may only read: the push ends with \`denied\`, and every contributor sees a red check. From
a branch of the repository the push succeeds and the image is public before anybody has looked.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: [push, pull_request]
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:1
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: [push, pull_request]
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: \${{ github.event_name != 'pull_request' }}
          tags: ghcr.io/acme/shop:1
\`\`\`

## Fix

\`--fix\` makes the push depend on the event. The build itself still runs for pull requests.

## When not

Steps and jobs with a condition are taken to have thought of it.
`,
  ],
  [
    'workflow/retired-action',
    `# workflow/retired-action

A step uses a major version of an action that runners no longer support.

## Why

Actions run on the runner's Node.js. Versions made for Node.js 12 and 16 are forced onto a newer one with warnings, and some
services have been switched off for them: \`actions/upload-artifact@v3\` and \`actions/cache@v2\` fail at once.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v3
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
\`\`\`

## Fix

Take a supported version. A major version may change inputs, so nothing is changed for you.

## When not

Actions that are pinned by commit or branch are not judged.
`,
  ],
  [
    'workflow/scan-one-platform',
    `# workflow/scan-one-platform

An image of several platforms is scanned for the platform of the runner only.

## Why

Given an index, a scanner takes the image for its own platform. The other platforms have other binaries and sometimes other package
versions, and nobody has looked at them.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:1
      - uses: aquasecurity/trivy-action@0.33.1
        with:
          image-ref: ghcr.io/acme/shop:1
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:1
      - uses: aquasecurity/trivy-action@0.33.1
        env:
          TRIVY_PLATFORM: linux/amd64
        with:
          image-ref: ghcr.io/acme/shop:1
      - uses: aquasecurity/trivy-action@0.33.1
        env:
          TRIVY_PLATFORM: linux/arm64
        with:
          image-ref: ghcr.io/acme/shop:1
\`\`\`

## Fix

Scan once for each platform. There is no automatic fix: the reports may need names of their own.

## When not

Scans of images that this workflow does not build for several platforms are not reported.
`,
  ],
  [
    'workflow/shared-cache-scope',
    `# workflow/shared-cache-scope

Builds that differ write one cache: the last one wins, the others start cold.

## Why

A cache export replaces what the scope or ref held. Without a scope of its own each job writes \`buildkit\`: of the jobs for amd64 and
arm64 the one that ends first has nothing left next time. Measured: with one ref for both, the first platform found 0 cached
steps; with one each, all were cached.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    strategy:
      matrix:
        platform: [linux/amd64, linux/arm64]
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: \${{ matrix.platform }}
          cache-from: type=gha
          cache-to: type=gha,mode=max
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    strategy:
      matrix:
        platform: [linux/amd64, linux/arm64]
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: \${{ matrix.platform }}
          cache-from: type=gha,scope=\${{ matrix.platform }}
          cache-to: type=gha,mode=max,scope=\${{ matrix.platform }}
\`\`\`

## Fix

\`--fix\` adds the expression that gives the platform as the scope, to \`cache-to\` and to \`cache-from\`.

## When not

One build of several platforms with one cache is right. Scopes whose value is not known here are not reported.
`,
  ],
  [
    'workflow/tag-before-test',
    `# workflow/tag-before-test

The image is tested after its tag has moved: whoever pulls in between gets what the test refuses.

## Why

A smoke test that pulls the released tag tells you that production is broken. Between the push and the failing test machines have
pulled the image, and the old one is gone from the tag.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:latest
      - run: docker run --rm ghcr.io/acme/shop:latest node --version
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          load: true
          tags: shop:candidate
      - run: docker run --rm shop:candidate node --version
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

## Fix

Test what has no tag yet: a digest, a candidate tag or a loaded image. \`everyarch build\` does it in this order.

## When not

Tags that call themselves a candidate or carry the commit, and tests of other images, are not reported.
`,
  ],
  [
    'workflow/tag-not-there',
    `# workflow/tag-not-there

Pull requests test an image that only other events push.

## Why

The push is switched off for pull requests, and rightly so; the step that runs the pushed tag is not. It fails with \`manifest
unknown\`, or, worse, it finds the image of the last release and tests that.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: [push, pull_request]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: \${{ github.event_name != 'pull_request' }}
          tags: ghcr.io/acme/shop:ci
      - run: docker run --rm ghcr.io/acme/shop:ci node --version
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: [push, pull_request]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          load: true
          tags: shop:ci
      - run: docker run --rm shop:ci node --version
\`\`\`

## Fix

Load the image for the test, or skip the step. Both are right in some workflows, so nothing is changed for you.

## When not

Steps with a condition, builds that load or export, and images of others are not reported.
`,
  ],
  [
    'workflow/tag-of-fewer-platforms',
    `# workflow/tag-of-fewer-platforms

Two jobs push the same tag, one of them for fewer platforms.

## Why

A push replaces what a tag points at. When a release workflow pushes \`latest\` for amd64 and arm64 and another job, for a hotfix
or by hand, pushes \`latest\` for amd64 alone, the tag has lost a platform: machines that pull it next find no image for their CPU, and
no job has failed. Public projects lost platforms of a released tag that way.

## Bad

\`\`\`yaml .github/workflows/release.yml
on: { push: { tags: ['v*'] } }
jobs:
  release:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: docker/setup-buildx-action@v4
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

\`\`\`yaml .github/workflows/hotfix.yml
on: workflow_dispatch
jobs:
  hotfix:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

## Good

\`\`\`yaml .github/workflows/release.yml
on: { push: { tags: ['v*'] } }
jobs:
  release:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: docker/setup-buildx-action@v4
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

\`\`\`yaml .github/workflows/hotfix.yml
on: workflow_dispatch
jobs:
  hotfix:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/acme/shop:hotfix
\`\`\`

## Fix

Build every platform in both jobs, or give the smaller image a tag of its own.

## When not

Tags and platforms with expressions are not compared, and neither are images of different names.
`,
  ],
  [
    'workflow/tag-overwritten',
    `# workflow/tag-overwritten

The jobs of several platforms push one tag: the last one wins and the others are gone.

## Why

A push replaces the tag. When the jobs for amd64 and arm64 push the same one, the tag holds whichever ended last; every machine of
the other architecture then pulls an image that it cannot run.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    strategy:
      matrix:
        include:
          - { platform: linux/amd64, runner: ubuntu-24.04 }
          - { platform: linux/arm64, runner: ubuntu-24.04-arm }
    runs-on: \${{ matrix.runner }}
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: \${{ matrix.platform }}
          push: true
          tags: ghcr.io/acme/shop:latest
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    strategy:
      matrix:
        include:
          - { platform: linux/amd64, runner: ubuntu-24.04 }
          - { platform: linux/arm64, runner: ubuntu-24.04-arm }
    runs-on: \${{ matrix.runner }}
    timeout-minutes: 30
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: \${{ matrix.platform }}
          outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,name-canonical=true,push=true
\`\`\`

## Fix

Push by digest, and let one job after these join the digests under the tag.

## When not

Tags that differ by the matrix, or that another step computes from it, are not reported.
`,
  ],
  [
    'workflow/test-one-platform',
    `# workflow/test-one-platform

An image of several platforms is tested on the platform of the runner only.

## Why

\`docker run\` takes the platform of its machine out of an index. A test on an amd64 runner says nothing of the arm64 image, where the
addon for the other CPU, the missing library and the newer glibc are found: better-sqlite3 13 loads on both platforms of Debian 12 and
cannot open a database on arm64.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:candidate-\${{ github.sha }}
      - run: docker run --rm ghcr.io/acme/shop:candidate-\${{ github.sha }} node --check dist/server.js
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/shop:candidate-\${{ github.sha }}
      - run: |
          for platform in linux/amd64 linux/arm64; do
            docker run --rm --platform "$platform" ghcr.io/acme/shop:candidate-\${{ github.sha }} node --check dist/server.js
          done
\`\`\`

## Fix

Start it once for each platform, with QEMU set up, or test each on a runner of its own before the tag. There is no automatic fix.

## When not

Workflows where any \`docker run\` of the job names a platform, or DOCKER_DEFAULT_PLATFORM is set, and images that the workflow does not
push for several platforms are not reported.
`,
  ],
  [
    'workflow/unknown-action',
    `# workflow/unknown-action

A step uses an action that does not exist under this name.

## Why

\`docker/buildx-action\` reads right and is nowhere: the action is \`docker/setup-buildx-action\`. The job fails while GitHub prepares
it, and a stranger could register a free name.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/buildx-action@v4
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/setup-buildx-action@v4
\`\`\`

## Fix

\`--fix\` writes the name that is meant and keeps the version: look whether the action has it.

## When not

Only names that are known to be mistaken are reported; others may be private.
`,
  ],
  [
    'workflow/untagged-cleanup',
    `# workflow/untagged-cleanup

A cleanup deletes untagged versions, and the platforms of an index are untagged.

## Why

Only the index carries the tag. Its images, one for each platform, and its attestations look like leftovers to a cleanup that knows
nothing of indexes. After it has run, the tag is there and every pull ends with \`manifest unknown\`.

## Bad

\`\`\`yaml .github/workflows/cleanup.yml
on:
  schedule:
    - cron: 0 3 * * 0
jobs:
  cleanup:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/delete-package-versions@v5
        with:
          package-name: shop
          package-type: container
          delete-only-untagged-versions: true
\`\`\`

## Good

\`\`\`yaml .github/workflows/cleanup.yml
on:
  schedule:
    - cron: 0 3 * * 0
jobs:
  cleanup:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/delete-package-versions@v5
        with:
          package-name: shop
          package-type: container
          ignore-versions: ^(latest|\\d.*)$
          min-versions-to-keep: 50
\`\`\`

## Fix

Take a cleanup that reads indexes before it deletes. There is no automatic fix.

## When not

Other package types, and cleanups that we do not know, are not reported.
`,
  ],
  [
    'workflow/uppercase-repository',
    `# workflow/uppercase-repository

An image name is made from a repository name with capital letters, which registries refuse.

## Why

\`github.repository\` keeps the capitals of the owner and the repository. Image names may not have any: \`invalid reference format:
repository name must be lowercase\`, after the whole build.

## Bad

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: ghcr.io/\${{ github.repository }}:1
\`\`\`

\`\`\`json package.json
{ "name": "shop", "repository": "github:Acme/Shop" }
\`\`\`

## Good

\`\`\`yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - id: meta
        uses: docker/metadata-action@v6
        with:
          images: ghcr.io/\${{ github.repository }}
      - uses: docker/build-push-action@v7
        with:
          push: true
          tags: \${{ steps.meta.outputs.tags }}
\`\`\`

\`\`\`json package.json
{ "name": "shop", "repository": "github:Acme/Shop" }
\`\`\`

## Fix

Use docker/metadata-action, or write the name out.

## When not

Only when \`repository\` in package.json shows capital letters.
`,
  ],
  [
    'addons/without-binary',
    `# addons/without-binary

An optional native addon goes into the image without its binary for a platform.

## Why

The package can live without its binary: it has a slower way in JavaScript, or it is an optional dependency. There is no prebuilt binary
for this platform, and none could be compiled; the message says why. The service works, and may be slower there than on its other platforms.

## Fix

Give everyarch what it lacks to compile it (the message names it), choose a release of the package that ships a binary for the platform, or
accept that the platform goes without.
`,
  ],
  [
    'base/library-folder-not-searched',
    `# base/library-folder-not-searched

A package of an assembled base keeps libraries in a folder that the dynamic linker does not search.

## Why

Some Debian packages put their libraries into a folder of their own and name it in \`/etc/ld.so.conf.d\`. The dynamic linker does not
read that file: \`ldconfig\` does, and writes a cache. No program runs while a base is assembled, so there is no cache with that
folder in it, and a program that needs one of the libraries does not start.

## Fix

Name the folder in \`LD_LIBRARY_PATH\` (\`image.env\` of the configuration), or take a base image from a registry, in which \`ldconfig\`
has run.
`,
  ],
  [
    'base/no-security-updates',
    `# base/no-security-updates

The packages of an assembled base get no security updates.

## Why

Debian publishes security updates in an archive of its own, beside the main one. The mirror that was named does not carry it, or the
release is so old that it is not built for this architecture any more. The image then holds the state of the last point release.

## Fix

Take a mirror that has \`debian-security\` beside \`debian\`, let the sources of this machine decide (no \`--debian-mirror\`), or name a newer
suite.
`,
  ],
  [
    'base/script-not-run',
    `# base/script-not-run

A package of an assembled base has a maintainer script that would have done more than everyarch does by itself.

## Why

Debian packages may run scripts when they are installed. Nothing runs while a base is assembled, for that would need the target's CPU or
an emulator. What most scripts do (users, alternatives, certificates, time zones) is done by everyarch; this one does something else.

## Fix

See what the script does. When the service needs it, take a base image from a registry, or make the files that it would write part of
the project.
`,
  ],
  [
    'base/stale-debian-index',
    `# base/stale-debian-index

The Debian mirror did not answer, and an index of an earlier run was used.

## Why

A build without network is better than none, and the index was verified when it came. But newer versions of packages, security updates
among them, are not seen.

## Fix

Build again when the mirror answers. In a pipeline, treat the warning as a reason to look at the network.
`,
  ],
  [
    'base/stale-node-choice',
    `# base/stale-node-choice

npm's registry did not answer, and the Node version of an earlier run was used.

## Why

\`node: "22"\` means the newest 22 that there is for all platforms; which one that is had to be remembered.

## Fix

Build again when the registry answers, or name an exact version, for which nobody needs to be asked.
`,
  ],
  [
    'image/addon-not-compiled',
    `# image/addon-not-compiled

A package has native sources, and nothing that was compiled from them.

## Why

\`npm ci --ignore-scripts\` is right for a cross-platform install, and leaves out what a package compiles or downloads by its
install script. The service starts, and fails at the first \`require\`: \`Could not locate the bindings file\`.

## Example

\`\`\`
error  image/addon-not-compiled  linux/arm64  app/node_modules/better-sqlite3
    has a binding.gyp and no compiled addon (better-sqlite3@12.11.1)
\`\`\`

## Fix

Run the package's install script for the platform, \`npm rebuild better-sqlite3\` in a stage of it, or cross-compile.

## When not

It is a warning when what depends on the package gets along without it, as ssh2 does without cpu-features.
`,
  ],
  [
    'image/broken-hard-link',
    `# image/broken-hard-link

A hard link leads to a file that is not there.

## Why

Tools that pack a difference between two folders can leave out the file that a link refers to. Engines refuse to unpack the layer.

## Example

\`\`\`
error  image/broken-hard-link  linux/amd64  app/b
    is a hard link to app/a, which is not there: engines refuse to unpack the layer
\`\`\`

## Fix

Pack the layer again with another tool or version.

## When not

Links to files of lower layers are followed.
`,
  ],
  [
    'image/command-not-executable',
    `# image/command-not-executable

The entrypoint or command is a file that nobody may execute.

## Why

A checkout on Windows, or an archive without modes, loses the executable bit: \`permission denied\` when the container starts.

## Example

\`\`\`
error  image/command-not-executable  linux/amd64  entry.sh
    is the entrypoint and not executable (mode 0644)
\`\`\`

## Fix

\`COPY --chmod=755 entry.sh /\`, or \`git update-index --chmod=+x entry.sh\`.

## When not

A file with any executable bit is taken to be executable: which user runs it is not looked at.
`,
  ],
  [
    'image/command-not-found',
    `# image/command-not-found

The entrypoint or command, or what it starts, is not in the image.

## Why

A program that only the build stage had, a typing mistake, or the exec form with a whole line in one text. Containers of the image
end with \`executable file not found in $PATH\`. What an init, \`env\`, a plain \`sh -c\` or the official Node image's entrypoint script
starts is looked up as well.

## Example

\`\`\`
error  image/command-not-found  linux/amd64
    the entrypoint tini is not on PATH
\`\`\`

## Fix

Copy or install the program in the final stage, or correct ENTRYPOINT and CMD.

## When not

Shell lines with variables, pipes or quotes are not taken apart, and neither is what scripts of your own start.
`,
  ],
  [
    'image/config-platform-mismatch',
    `# image/config-platform-mismatch

The index says one platform, the image’s configuration another.

## Why

\`docker manifest create\` and its like take any image under any platform. The engine pulls by the index and then warns, refuses, or
runs the wrong image.

## Example

\`\`\`
error  image/config-platform-mismatch  linux/arm64
    the index says linux/arm64, the configuration of sha256:c07d… says linux/amd64
\`\`\`

## Fix

Build the image for the platform, or correct the entry of the index.

## When not

A difference in the variant alone is a warning: many builders write none into the configuration.
`,
  ],
  [
    'image/corrupt-layer',
    `# image/corrupt-layer

A layer cannot be read: its bytes are not what they should be.

## Why

The content has another digest or size than its descriptor says, is cut off, does not decompress, is no archive, or is larger than
any real layer (a decompression bomb). Where one layer is missing the platform's file system is not known, so nothing else is said
of that platform.

## Example

\`\`\`
error  image/corrupt-layer  linux/arm64
    layer 3 cannot be read: its content ends in the middle
\`\`\`

## Fix

Push or build the image again. If it comes back, the registry's storage or the tool that packed the layer is at fault.

## When not

A network that fails, a registry that refuses or a disk that is full is no finding: the command ends with exit code 3.
`,
  ],
  [
    'image/damaged-binary',
    `# image/damaged-binary

A program, library or addon is cut off, or its tables lead nowhere.

## Why

An interrupted download, a full disk or a Git LFS mishap leaves files that begin right and end too early. Loading one is a
\`file too short\` or a crash.

## Example

\`\`\`
error  image/damaged-binary  linux/amd64  app/node_modules/native/build/Release/native.node
    is damaged: a loaded segment ends behind the file: it was cut off
\`\`\`

## Fix

Fetch or build the file again, and check its digest when it is fetched.

## When not

Separate debugging information (\`*.debug\`, \`/usr/lib/debug\`) has no content for its segments by design.
`,
  ],
  [
    'image/dev-dependencies',
    `# image/dev-dependencies

Development dependencies are installed in the image.

## Why

TypeScript, linters and test runners are often larger than the service, and every one of them is code that can be attacked.

## Example

\`\`\`
info  image/dev-dependencies  linux/amd64  app/package.json
    has development dependencies installed: 214 packages (shop@1.4.0)
\`\`\`

## Fix

\`npm ci --omit=dev\` for the final stage.

## When not

A package that a dependency needs too is no development dependency. The details of the finding have names and bytes.
`,
  ],
  [
    'image/diff-id-mismatch',
    `# image/diff-id-mismatch

A layer unpacks to other content than the configuration says.

## Why

The configuration lists the digest of each layer's uncompressed content. Engines compare it when they unpack, and refuse the
image. It happens when layers and configuration of different builds are pushed together.

## Example

\`\`\`
error  image/diff-id-mismatch  linux/amd64
    layer 2 unpacks to sha256:51aa…, the configuration says sha256:c07d…
\`\`\`

## Fix

Push the image again as a whole.

## When not

Another compression of the same content has the same diffID.
`,
  ],
  [
    'image/duplicate-libc-builds',
    `# image/duplicate-libc-builds

A package is there for the other C library as well.

## Why

npm before version 11 writes no \`libc\` into package-lock.json, and installs the glibc and the musl build of every package. Some
packages never declare it.

## Example

\`\`\`
info  image/duplicate-libc-builds  linux/arm64  app/node_modules/@img/sharp-linuxmusl-arm64
    is for musl, which this image does not have (@img/sharp-linuxmusl-arm64@0.34.5)
\`\`\`

## Fix

Write the lock again with npm 11 or later, and install with \`--libc\`.

## When not

Images without Node and without a C library have no flavour to compare with.
`,
  ],
  [
    'image/duplicate-platform',
    `# image/duplicate-platform

The index has two entries for one platform.

## Why

Which of them is pulled depends on the engine, so machines of one platform run different images.

## Example

\`\`\`
error  image/duplicate-platform  linux/amd64
    the index has two images for linux/amd64: sha256:51aa… and sha256:9b2e…
\`\`\`

## Fix

Make the index anew, from one image for each platform.

## When not

The same image listed twice is a warning. Windows images differ in \`os.version\`.
`,
  ],
  [
    'image/foreign-object-format',
    `# image/foreign-object-format

An addon for macOS or Windows stands where Node looks first.

## Why

\`npm install\` on the developer's machine compiled or fetched an addon for that machine, and it was copied into the image. Some
packages even publish such a file. \`bindings\` and node-gyp-build prefer \`build/Release\`, so Node loads it and says \`invalid ELF
header\`.

## Example

\`\`\`
error  image/foreign-object-format  linux/arm64  app/node_modules/node-expat/build/Release/node_expat.node
    is a macOS (Mach-O) file for arm64, and Node on Linux would load it (node-expat@2.4.1)
\`\`\`

## Fix

Delete the file before packing and compile the package for Linux. Keep \`node_modules\` out of the build context.

## When not

Files that are named after macOS or Windows are never loaded: image/foreign-prebuilds counts them.
`,
  ],
  [
    'image/foreign-prebuilds',
    `# image/foreign-prebuilds

A package has files for other platforms, which nothing here loads.

## Why

Packages that bring the binaries of all platforms with them cost room on each: in one tree of 22 addons 102 of 197 MB were for
others.

## Example

\`\`\`
info  image/foreign-prebuilds  linux/arm64  app/node_modules/bcrypt
    has 8 files for other platforms (bcrypt@6.0.0)
\`\`\`

## Fix

Delete them before packing, and test that the package still loads.

## When not

Only npm packages are counted. The details of the finding have the bytes.
`,
  ],
  [
    'image/invalid-variant',
    `# image/invalid-variant

A platform of the index has no variant where it needs one, or one that does not exist.

## Why

linux/arm without a variant is v7 to one engine and anything to another. A variant that does not exist is chosen by none.

## Example

\`\`\`
warning  image/invalid-variant  linux/arm/v7
    the index entry for linux/arm has no variant: v6 and v7 are different machines
\`\`\`

## Fix

Name the variant: \`--platform linux/arm/v7\`.

## When not

amd64 and arm64 need none.
`,
  ],
  [
    'image/libc-mismatch',
    `# image/libc-mismatch

A program or addon is linked for another C library than the image has.

## Why

glibc (Debian, Ubuntu, distroless) and musl (Alpine) do not load each other's files. An addon that was installed in
\`node:22\` and copied to \`node:22-alpine\` fails with \`Error relocating\` or \`libc.musl-x86_64.so.1: cannot open shared object file\`.
npm before version 11 writes no libc into the lock, so both flavours, or the wrong one, may be installed; some packages publish
a glibc file under a name that musl accepts.

## Example

\`\`\`
error  image/libc-mismatch  linux/arm64  app/node_modules/sodium-native/prebuilds/linux-arm64/sodium-native.node
    is linked for glibc, the image has musl (sodium-native@5.1.0)
\`\`\`

## Fix

Install with the image's C library (\`npm ci --libc=musl\`), or use one base image family in all stages.

## When not

Files named after the other C library are not loaded: image/duplicate-libc-builds counts them. Programs whose loader is in the
image (gcompat) are taken to run. Static programs need no C library.
`,
  ],
  [
    'image/library-too-old',
    `# image/library-too-old

A program or addon needs newer symbol versions than the image’s libraries define.

## Why

A prebuild was made on a newer distribution and needs \`GLIBC_2.38\`; Debian 12 has 2.36. \`require\` may pass and the first real call
fail, or it passes on amd64 and fails on arm64, because the two prebuilds come from different machines.

## Example

\`\`\`
error  image/library-too-old  linux/arm64  app/node_modules/better-sqlite3/prebuilds/linux-arm64/better-sqlite3.node
    needs GLIBC_2.38, the image's libm.so.6 has GLIBC_2.36 (better-sqlite3@13.0.2)
\`\`\`

## Fix

Use a base image with a newer C library (Debian 13 has glibc 2.41), another version of the package, or compile it on the base.

## When not

Versions that the file marks as optional are not needed. musl has no versions.
`,
  ],
  [
    'image/microarchitecture-level',
    `# image/microarchitecture-level

An amd64 file asks for processors newer than the platform says.

## Why

A file can carry a note that it needs x86-64-v2 or v3. glibc's loader refuses it on older processors: \`CPU ISA level is lower
than required\`. The image starts on the machines where it was tested and on no older one of the fleet.

## Example

\`\`\`
warning  image/microarchitecture-level  linux/amd64  usr/local/bin/tool
    needs x86-64-v3, the image says linux/amd64: older processors refuse it
\`\`\`

## Fix

Compile with \`-march=x86-64\`, or publish the image as linux/amd64/v3.

## When not

Libraries in \`glibc-hwcaps\` folders are chosen by the processor. Code that checks the processor itself carries no such note.
`,
  ],
  [
    'image/missing-interpreter',
    `# image/missing-interpreter

A program asks for a dynamic loader that is not in the image.

## Why

The kernel starts the loader that a program names, such as \`/lib64/ld-linux-x86-64.so.2\`. When it is absent the shell says
\`not found\` about a program that is plainly there.

## Example

\`\`\`
error  image/missing-interpreter  linux/amd64  usr/local/bin/tool
    needs the loader /lib64/ld-linux-x86-64.so.2, which is not in the image
\`\`\`

## Fix

Use a base image with a C library, or link the program statically.

## When not

A program for the other C library is image/libc-mismatch's.
`,
  ],
  [
    'image/missing-library',
    `# image/missing-library

A program or addon needs a library that the loader does not find.

## Why

The build stage had \`libpq-dev\`, the final stage has no \`libpq5\`. The file is fine, the image is not: \`error while loading shared
libraries\`. The search is the loader's own: RPATH and RUNPATH with \`$ORIGIN\`, LD_LIBRARY_PATH, the loader's cache, its built-in
folders; for musl its path file. A library that was copied to \`/usr/local/lib\` of a Debian image after the last \`ldconfig\` is there
and still not found. Loaders also give up over a file that they cannot load: glibc's over one that is no ELF file, musl's over the
first of that name, even when it is for another machine.

## Example

\`\`\`
error  image/missing-library  linux/arm64  app/node_modules/libpq/build/Release/addon.node
    needs libpq.so.5, which the loader does not find (libpq@1.11.0)
    → install it in the final stage: apt-get install libpq5
\`\`\`

## Fix

Install the library's package in the final stage, run \`ldconfig\` after copying a library, or set LD_LIBRARY_PATH.

## When not

Libraries that nothing needs are not followed: a plug-in that is opened when it is there may lack what it wants. One absent
library is one finding for each npm package that misses it, and one for everything else together.
`,
  ],
  [
    'image/missing-main',
    `# image/missing-main

Node is started with a file, a module or a script that is not in the image.

## Why

\`CMD ["node", "dist/server.js"]\`, and \`dist\` was not copied, is in \`.dockerignore\`, or lies elsewhere: \`Cannot find module\`. The
same for modules that are loaded first (\`--require\`, \`--import\`, NODE_OPTIONS), which are often development dependencies, and for
\`npm start\` without a start script.

## Example

\`\`\`
error  image/missing-main  linux/amd64  app/dist/server.js
    node is started with dist/server.js, which is not in the image
    → app/build/server.js is in the image: correct the path, or WORKDIR
\`\`\`

## Fix

Copy the build output into the final stage, and correct the path or WORKDIR.

## When not

A folder that is mounted when the container runs is not in the image: ignore the finding for it.
`,
  ],
  [
    'image/missing-manifest',
    `# image/missing-manifest

The index names an image that cannot be read.

## Why

A cleanup that deletes untagged manifests takes the children of an index with it: the platforms of a multi-platform tag have no tag
of their own. Pulls then fail on some machines only.

## Example

\`\`\`
error  image/missing-manifest  linux/arm64
    the image for this platform cannot be read: manifest sha256:c07d… is not there
\`\`\`

## Fix

Push the image again, and exclude the children of indexes from the cleanup.

## When not

A registry that cannot be reached is no finding: the command ends with exit code 3.
`,
  ],
  [
    'image/missing-prebuild',
    `# image/missing-prebuild

A package looks for a binary for this platform, and the image has none.

## Why

Packages bring their binaries as optional packages for each platform, as \`prebuilds/\` folders, or at a path of node-pre-gyp. A lock
that was written on one machine may lack the packages of the others (npm before 11), \`npm ci\` is green, and the service dies on the
platform without: \`Could not load the "sharp" module using the linux-arm64 runtime\`.

## Example

\`\`\`
error  image/missing-prebuild  linux/arm64  app/node_modules/sharp
    needs @img/sharp-linux-arm64, which is not installed (sharp@0.34.5)
\`\`\`

## Fix

Write package-lock.json again with npm 11 or later, and install with \`--os --cpu --libc\` of the platform. Where there is no
binary for a platform, compile the package for it or replace it.

## When not

It is a warning when everything that depends on the package lists it as optional, or the package itself shows that it gets along
without (a \`fallback.js\`, an install script that may fail). A WebAssembly build that is installed serves every platform.
`,
  ],
  [
    'image/missing-script-interpreter',
    `# image/missing-script-interpreter

The entrypoint or command is a script for a program that is not in the image.

## Why

\`#!/bin/bash\` in an Alpine image, or Windows line ends, with which the kernel looks for a program called \`sh\` and a carriage
return. The error speaks of the script: \`no such file or directory\`.

## Example

\`\`\`
error  image/missing-script-interpreter  linux/amd64  entry.sh
    is the entrypoint, and its first line ends with a carriage return: the kernel looks for "/bin/sh\\r"
\`\`\`

## Fix

Install the program, write the script for one that is there, or keep Unix line ends with \`*.sh text eol=lf\` in \`.gitattributes\`.

## When not

Only the scripts that start the container are looked at.
`,
  ],
  [
    'image/missing-working-directory',
    `# image/missing-working-directory

The working directory is a file, or not in the image.

## Why

Engines make a missing working directory, empty and owned by root: a service that runs as another user cannot write into it. A
file in its place stops every start.

## Example

\`\`\`
warning  image/missing-working-directory  linux/amd64  srv/app
    is the working directory, and not in the image: engines make an empty one that belongs to root
\`\`\`

## Fix

Copy something into it, make it in the Dockerfile, or correct WORKDIR.

## When not

A folder that is mounted when the container runs need not be in the image.
`,
  ],
  [
    'image/mixed-media-types',
    `# image/mixed-media-types

The image mixes media types of Docker and of OCI.

## Why

Some registries and older engines refuse an OCI index over Docker manifests, or the reverse. The mixture arises when images of
different tools are joined.

## Example

\`\`\`
warning  image/mixed-media-types
    the image mixes media types of Docker and of OCI
\`\`\`

## Fix

Build all platforms with one tool and one setting (\`oci-mediatypes=true\`), or convert with \`skopeo copy --format oci\`.

## When not

Attestations are not looked at: they are always OCI.
`,
  ],
  [
    'image/node-abi-mismatch',
    `# image/node-abi-mismatch

An addon is compiled for another NODE_MODULE_VERSION than the image’s Node has.

## Why

Addons that use V8 directly fit one Node major. One stage on \`node:20\`, another on \`node:22\`, and the service says \`was compiled
against a different Node.js version using NODE_MODULE_VERSION 115. This version of Node.js requires NODE_MODULE_VERSION 127.\`

## Example

\`\`\`
error  image/node-abi-mismatch  linux/amd64  app/node_modules/heapdump/build/Release/addon.node
    is compiled for Node ABI 115 (Node 20), the image's Node 22.12.0 has ABI 127 (heapdump@0.3.15)
\`\`\`

## Fix

Use one Node major in all stages, and install with it.

## When not

Node-API addons fit every Node that has their Node-API version. Files that are named after another ABI are not loaded.
`,
  ],
  [
    'image/node-api-too-new',
    `# image/node-api-too-new

An addon needs a newer Node-API than the image’s Node offers.

## Why

An addon says which Node-API version it was made for, and calls functions that came with some version. An older Node refuses it:
\`requires Node-API version 10, but this version of Node.js only supports version 9 add-ons\`, or dies at the first call.

## Example

\`\`\`
error  image/node-api-too-new  linux/arm64  app/node_modules/native/build/Release/native.node
    needs Node-API 10, the image's Node 20.11.1 offers Node-API 9 (native@2.0.0)
\`\`\`

## Fix

Use a newer Node, or a version of the addon for an older Node-API.

## When not

Where the image's Node cannot be told, nothing is said.
`,
  ],
  [
    'image/node-missing',
    `# image/node-missing

The image starts Node, or has an application for it, and has no Node.

## Why

A final stage \`FROM debian\` or \`FROM scratch\` with only the application copied into it: nothing can start it.

## Example

\`\`\`
error  image/node-missing  linux/amd64  node
    the command node needs Node, and no node executable is in the image
\`\`\`

## Fix

Use a base image with Node for the final stage.

## When not

An image that starts another program (bun, deno, a single executable) needs no Node.
`,
  ],
  [
    'image/package-caches',
    `# image/package-caches

A package manager’s cache is in the image.

## Why

No container installs anything: what npm, apt or apk keep for the next time is pulled by every machine for nothing.

## Example

\`\`\`
info  image/package-caches  linux/amd64  root/.npm/_cacache
    is the cache of npm
\`\`\`

## Fix

Use a cache mount (\`RUN --mount=type=cache,target=/root/.npm npm ci\`), or clean in the same RUN.

## When not

Less than 64 KiB is not worth a line.
`,
  ],
  [
    'image/platform-missing',
    `# image/platform-missing

A platform that is asked for is not in the image.

## Why

A build on a laptop, or a job that pushed a single platform to the same tag, leaves a tag that lacks what part of the fleet needs.
Those machines die with \`exec format error\` or \`no matching manifest\`.

## Example

\`\`\`
error  image/platform-missing  linux/arm64
    the image has no linux/arm64, only linux/amd64
\`\`\`

## Fix

Build the tag for all platforms in one go, and let only that job push it.

## When not

An image for a lower variant serves a higher one: linux/arm/v6 on linux/arm/v7, linux/amd64 on linux/amd64/v3.
`,
  ],
  [
    'image/preload-not-found',
    `# image/preload-not-found

LD_PRELOAD names a library that is not there, or is for another machine.

## Why

Debian keeps libraries below the triplet of the architecture, and \`ENV LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2\` was
right where it was written. On arm64 the loader prints an error and goes on: the service runs, without the allocator that it was
tuned for.

## Example

\`\`\`
warning  image/preload-not-found  linux/arm64  usr/lib/x86_64-linux-gnu/libjemalloc.so.2
    is in LD_PRELOAD, and no library is there
\`\`\`

## Fix

Give the name alone, which the loader finds on every platform: \`ENV LD_PRELOAD=libjemalloc.so.2\`.

## When not

Names without a slash are looked up by the loader and not checked here.
`,
  ],
  [
    'image/single-platform',
    `# image/single-platform

The name points at the image of one platform only.

## Why

Every other machine that pulls it runs it under emulation or not at all. Often it is the trace of somebody's laptop.

## Example

\`\`\`
warning  image/single-platform
    the image is for linux/arm64 only (it is no image index)
\`\`\`

## Fix

Build for all platforms that pull it. \`--platform\` or \`--require-platforms\` say that one is meant.

## When not

Images that were asked about one platform are not reported.
`,
  ],
  [
    'image/unexpected-digest',
    `# image/unexpected-digest

The name points at another image than the one that was tested.

## Why

Between the test and the deployment somebody pushed the tag again. \`--expect-tag-digest\` makes that visible, and stops the rollout.

## Example

\`\`\`
error  image/unexpected-digest
    the image is sha256:9b2e…, expected sha256:51aa…
\`\`\`

## Fix

Deploy by digest. Find out who pushed the tag.

## When not

Without an expected digest nothing is compared.
`,
  ],
  [
    'image/unknown-layer-type',
    `# image/unknown-layer-type

A layer has a media type that engines do not know.

## Why

Registries hold artifacts of all kinds: charts, modules, signatures. An engine that is asked to run one fails.

## Example

\`\`\`
error  image/unknown-layer-type  linux/amd64
    layer 1 has the media type application/vnd.example.blob, which is no layer of a file system
\`\`\`

## Fix

Check the reference. An image has layers of a tar media type.

## When not

tar layers without compression, with gzip or with zstd are known, in OCI's and in Docker's names.
`,
  ],
  [
    'image/unknown-user',
    `# image/unknown-user

The image runs as a user or group that it does not have.

## Why

\`USER node\` in an image whose final stage has no such user: \`unable to find user node: no matching entries in passwd file\`.

## Example

\`\`\`
error  image/unknown-user  linux/amd64  etc/passwd
    has no user shop, which the image runs as
\`\`\`

## Fix

Create the user in the final stage, or give its number: \`USER 1000\`.

## When not

Numbers need no entry.
`,
  ],
  [
    'image/unsafe-entry',
    `# image/unsafe-entry

A layer has a member that engines refuse, or place differently.

## Why

Names with \`..\` or without any are refused by engines. A member below a symbolic link, such as \`lib/x\` where the base's \`lib\` is a
link to \`usr/lib\`, lands in \`usr/lib\` with one engine; another one replaces the link by a folder, and nothing in the image starts
any more.

## Example

\`\`\`
warning  image/unsafe-entry  linux/amd64  lib/tool
    lies below a symbolic link of a lower layer: some engines replace the link by a directory
\`\`\`

## Fix

Pack the layer again, with the real path (\`usr/lib/tool\`).

## When not

Absolute names are the image's root. Links with absolute targets are normal in a root file system.
`,
  ],
  [
    'image/wrong-architecture',
    `# image/wrong-architecture

A file that something in the image would load is compiled for another machine.

## Why

The image says linux/arm64, and inside of it sits an x86-64 addon: \`npm ci\` ran on the build machine, and \`COPY . .\` or a
\`COPY --from\` brought the result along. Every check of the index is green. The service dies when it first loads the file, with
\`exec format error\`, \`invalid ELF header\` or, from Node, the misleading \`cannot open shared object file: No such file or
directory\`. On the machine where it was built, and on a laptop that translates, it works.

Which files are looked at follows from what would be loaded: programs and libraries of the file system, \`.node\` files where
Node's loaders look first. A \`build/Release\` of the wrong machine is found although a good prebuild stands beside it, because it
is preferred.

## Example

\`\`\`
error  image/wrong-architecture  linux/arm64  app/node_modules/better-sqlite3/build/Release/better_sqlite3.node
    is x86-64, the image says linux/arm64 (better-sqlite3@12.2.0)
\`\`\`

## Fix

Install dependencies for each platform: \`npm ci --os=linux --cpu=arm64 --libc=glibc\`, or in a stage of the platform. Keep
\`node_modules\` out of the build context with \`.dockerignore\`. When whole layers are wrong, the base was pulled for another
platform, or a stage with \`FROM --platform=\` was copied as a whole.

## When not

Files that are named after another platform (\`prebuilds/linux-x64/…\`, \`@esbuild/linux-x64\`) are never loaded on this one:
image/foreign-prebuilds counts them. So are the folders of cross toolchains, firmware, debugging information, object files and
test fixtures. amd64 runs 386 programs, and arm64 those of 32-bit Arm, when their loader is in the image.
`,
  ],
  [
    'image/wrong-variant',
    `# image/wrong-variant

Code for 32-bit Arm needs a newer processor than the platform says, or passes floating-point values another way.

## Why

linux/arm/v6 and linux/arm/v7 are different machines under one architecture. Debian's compilers for armhf make Armv7 code; on a
Raspberry Pi Zero it dies with \`Illegal instruction\`. Code for \`gnueabi\` and for \`gnueabihf\` cannot call each other at all.

## Example

\`\`\`
error  image/wrong-variant  linux/arm/v6  app/node_modules/native/build/Release/native.node
    is compiled for Armv7, the image says linux/arm/v6
\`\`\`

## Fix

Compile with \`-march=armv6+fp -mfloat-abi=hard\` and libraries of an Armv6 distribution, or publish the image as linux/arm/v7.

## When not

Files without build attributes do not say what they need. Static programs may use any convention.
`,
  ],
  [
    'lockfile/unsupported-platform',
    `# lockfile/unsupported-platform

A package that is not optional excludes a platform that was asked for.

## Why

The package's own \`os\`, \`cpu\` or \`libc\` says where it can be installed. npm refuses to install it elsewhere (\`EBADPLATFORM\`), and
everyarch does too, before anything is built. Most often it is a platform's binary that was put into \`dependencies\` directly,
such as \`@img/sharp-linux-x64\`: it works on the machine where it was added, and nowhere else.

## Fix

Depend on the package that chooses the binary (\`sharp\`), which lists the binaries of all platforms in \`optionalDependencies\`. Or
build without the platform.
`,
  ],
  [
    'optimize/image-differs',
    `# optimize/image-differs

The image of the optimized Dockerfile is not the image of the original one.

## Why

\`everyarch build --optimize\` rewrites the Dockerfile in memory, builds both files the first time, and compares the two images file
by file. Something differs: the rewrite does not hold for this project, or the Dockerfile makes a different image each time (a date
or a random number in a file). Nothing was tagged.

## Fix

Build without \`--optimize\`; \`everyarch optimize --diff\` shows what was rewritten. A file that differs in every build can be left out of
the image, or be made reproducible. If the rewrite is at fault, please report it with the Dockerfile.
`,
  ],
  [
    'project/build-path',
    `# project/build-path

A file of the app holds the path of the folder that it was built in.

## Why

Build tools write absolute paths into source maps, caches and manifests. Built in another folder or on another machine, the file has other
bytes, so the image has another digest; and in the image the path leads nowhere.

## Fix

Look for an option of the build tool that writes relative paths, or leave the file out of the image with \`include\`.
`,
  ],
  [
    'project/include-matches-nothing',
    `# project/include-matches-nothing

A glob of \`include\` matches no file.

## Why

What is named to go into the image is expected there. A glob that matches nothing is a typing error, or the build that makes the files
did not run.

## Fix

Paths are relative to the package that is built; \`node_modules\` and \`.git\` are never part of it. \`everyarch plan\` prints what goes in.
`,
  ],
  [
    'project/lifecycle-script-compiles',
    `# project/lifecycle-script-compiles

A lifecycle script of the project makes machine code for the machine that it runs on.

## Why

The project's own scripts run once, on this machine, and their output is used for all platforms. What a compiler makes there fits this
CPU alone, so none of it goes into the image.

## Fix

Move the native code into a package of its own: addons of dependencies are provided for each platform. Or build with a Dockerfile.
`,
  ],
  [
    'project/lifecycle-script-skipped',
    `# project/lifecycle-script-skipped

A lifecycle script of the project was not run.

## Why

\`npm ci\` would run \`prepare\` and its kin; here they run only when they prepare the app for the image. Git hooks, publishing and
downloads for developers have no place in an image. The message says why this one was left out.

## Fix

Nothing, as a rule. When the image needs what the script does, put it into the build script.
`,
  ],
  [
    'project/node-end-of-life',
    `# project/node-end-of-life

The Node version that the project asks for gets no security fixes any more.

## Why

An image lives on after it was built, and holes that are found in its Node stay open.

## Fix

Move \`engines.node\`, \`.nvmrc\` or \`.node-version\` to an active LTS release.
`,
  ],
  [
    'project/node-unreleased',
    `# project/node-unreleased

The Node version that the project asks for is not released yet.

## Why

There is no image and no binary of it for any platform.

## Fix

Ask for a released version; for a service, an LTS release.
`,
  ],
  [
    'project/node-version-conflict',
    `# project/node-version-conflict

Two files of the project ask for different versions of Node.

## Why

Developers run one version, the image gets the other, and native addons are built for one of them.

## Fix

Let the files agree. Which one counts stands in the message.
`,
  ],
  [
    'project/node-version-unusable',
    `# project/node-version-unusable

A file names a Node version that only has a meaning on the developer's machine.

## Why

\`system\` and aliases of a version manager say nothing about an image.

## Fix

Name a version in \`engines.node\`, or in the same file.
`,
  ],
  [
    'project/script-changed-platform-package',
    `# project/script-changed-platform-package

A script of the project changed a package that is not the same on all platforms.

## Why

Scripts run once, on this machine; what they change in \`node_modules\` is taken over for all platforms. Of this package every platform has
its own files, so the change was made to the wrong ones, and is left out.

## Fix

Make the change where all platforms see it: in a package that does not depend on the platform, or in the sources.
`,
  ],
  [
    'project/script-made-binary',
    `# project/script-made-binary

A script of the project made a binary in \`node_modules\`, which was left out of the image.

## Why

It was made on this machine and fits its CPU alone. Taken over, it would be the x86-64 file inside the arm64 image.

## Fix

When the service needs it, use a package that brings the binary for each platform. When only the build needs it, nothing is wrong.
`,
  ],
  [
    'project/secret-included',
    `# project/secret-included

A file that holds secrets goes into the image, because it is named explicitly.

## Why

Whoever can pull the image can read the file, and layers keep it although a later layer removes it.

## Fix

Give secrets to the container when it starts: as variables or mounted files. Take the file out of \`include\`.
`,
  ],
  [
    'project/secret-left-out',
    `# project/secret-left-out

A file that holds secrets was left out of the image.

## Why

Private keys, \`.env\` files and npm tokens lie beside the sources and are copied by \`COPY . .\` everywhere else.

## Fix

Give secrets to the container when it starts. When the image must hold the file, name it in \`include\`. \`.dockerignore\` silences the
warning.
`,
  ],
  [
    'project/start-hook-not-run',
    `# project/start-hook-not-run

A \`prestart\` or \`poststart\` script does not run when the container starts.

## Why

The image starts \`node\` itself, not npm: npm as the first process swallows signals. So npm's hooks around \`start\` are not run.

## Fix

Move what the hook does into the build, or into a step of its own before the service is deployed (migrations, for example).
`,
  ],
  [
    'smoke/failed',
    `# smoke/failed

A platform's image was started, and did not do what was expected.

## Why

A well-formed image may still not start: an addon that needs a newer C library, an entry point that is not there, a port that never opens. The
message names the cause; the last lines that the container wrote stand below it, all of them in the report of \`--json\`. Nothing was tagged.

## Fix

Fix the cause that is named. \`everyarch smoke IMAGE --platform PLATFORM -- COMMAND\` runs anything in the image (write it to a folder
with \`-o oci:out/image\` first). When the service needs variables or a longer time to start, say so in the \`smoke\` key of the configuration.
`,
  ],
  [
    'smoke/untested',
    `# smoke/untested

A platform's image could not be started here, so nothing is known of it.

## Why

The image is for a CPU that this machine neither has nor emulates, or there is no container engine and nothing else that could run it. The gate
stays shut: what nobody started is not published.

## Fix

Register QEMU handlers (\`everyarch doctor\` says how), build the platform on a machine of its kind (\`--push-by-digest\`, then
\`everyarch publish\`), or let it through: \`--allow-untested PLATFORM\` publishes it and writes that into the index as the annotation
\`dev.everyarch.untested\`.
`,
  ],
])
