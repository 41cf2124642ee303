/** The page of every rule, those of verify included. Written by scripts/rules-index.mjs: do not edit. */
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

\`--fix\` drops the flag. Use \`--platform=$BUILDPLATFORM\` for a stage whose output is the same for every platform.

## When not

Stages that the platform chooses (\`FROM base-\${TARGETARCH}\`, with \`AS base-amd64\`) are not reported, nor is a flag whose value
is a variable.
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

\`--fix\` adds \`USER node\` before the start command, unless a low port, a volume or a later step may need root.

## When not

Other base images, which may have a user of their own, and images with an entry point script are not reported.
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

When \`npm ci\` follows the COPY in the same stage it replaces what was copied, and nothing is reported.
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
    timeout-minutes: 60
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v7
        with:
          platforms: linux/amd64,linux/arm64
\`\`\`

## Fix

\`--fix\` adds \`timeout-minutes: 60\`. Choose twice the time that a cold build takes.

## When not

Jobs that build only for the platform of their runner, and builds that name no platform, are not reported.
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
])
