/** `everyarch check` on a monorepo of 200 services: 200 Dockerfiles, 200 workflows, manifests and ignore files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkFiles } from '../../src/checks/index.ts'
import { readFiles } from '../../src/cli/check/read-files.ts'
import { median } from '../measurement.ts'

const services = 200

export async function run({ rounds }: { rounds: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-check-'))
  const { signal } = new AbortController()
  try {
    for (const [path, text] of monorepo()) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const reading: number[] = []
    const checking: number[] = []
    const processor: number[] = []
    let findings = 0
    // The first round is what a command does that has just started: nothing is warm.
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      const { texts } = await readFiles(folder, folder, { signal })
      const read = performance.now()
      const used = process.cpuUsage()
      findings = checkFiles(texts).findings.length
      processor.push(process.cpuUsage(used).user / 1000)
      reading.push(read - start)
      checking.push(performance.now() - read)
    }
    const row = (name: string, times: readonly number[]) =>
      `| ${name} | ${(times[0] ?? 0).toFixed(0)} ms | ${median([...times]).toFixed(0)} ms |`
    return [
      `## everyarch check, ${services} services (${findings} findings), ${rounds} rounds`,
      '',
      '| | just started | median |',
      '|---|---|---|',
      row('reading the files', reading),
      row('checking them', checking),
      row('… of it on the processor', processor),
      '',
    ].join('\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function monorepo(): Map<string, string> {
  const files = new Map<string, string>()
  for (let number = 0; number < services; number++) {
    const folder = `services/service-${number}`
    files.set(`${folder}/Dockerfile`, dockerfile(number))
    files.set(`${folder}/.dockerignore`, '.git\n**/node_modules\n')
    files.set(
      `${folder}/package.json`,
      JSON.stringify({ name: `service-${number}`, type: 'module' }, null, 2),
    )
    files.set(`.github/workflows/service-${number}.yml`, workflow(number, folder))
  }
  return files
}

function dockerfile(number: number): string {
  return `# syntax=docker/dockerfile:1
ARG NODE=22
FROM node:\${NODE}-slim AS base
WORKDIR /app
ENV NODE_ENV=production SERVICE=service-${number}

FROM base AS deps
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --omit=dev --ignore-scripts && \\
    npm rebuild better-sqlite3

FROM --platform=$BUILDPLATFORM node:\${NODE}-slim AS build
WORKDIR /app
COPY . .
ARG TARGETARCH
RUN npm ci && npm run build && echo "built for $TARGETARCH"

FROM base
RUN apt-get update \\
 && apt-get install -y --no-install-recommends tini \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
USER node
EXPOSE ${3000 + number}
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/server.js"]
`
}

function workflow(number: number, folder: string): string {
  return `name: service-${number}
on:
  push: { branches: [main], paths: ['${folder}/**'] }
  pull_request:
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
      - uses: actions/checkout@v6
      - uses: docker/setup-buildx-action@v4
      - uses: docker/build-push-action@v7
        id: build
        with:
          context: ${folder}
          platforms: \${{ matrix.platform }}
          outputs: type=image,name=ghcr.io/acme/service-${number},push-by-digest=true,push=\${{ github.event_name != 'pull_request' }}
          cache-from: type=gha,scope=service-${number}-\${{ matrix.platform }}
          cache-to: type=gha,mode=max,scope=service-${number}-\${{ matrix.platform }}
      - run: |
          mkdir -p digests
          touch "digests/\${DIGEST#sha256:}"
        env:
          DIGEST: \${{ steps.build.outputs.digest }}
      - uses: actions/upload-artifact@v7
        with: { name: 'digests-\${{ strategy.job-index }}', path: digests }
  merge:
    needs: build
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/download-artifact@v7
        with: { path: digests, merge-multiple: true }
      - run: |
          cd digests
          docker buildx imagetools create --tag ghcr.io/acme/service-${number}:\${{ github.sha }} \\
            $(printf 'ghcr.io/acme/service-${number}@sha256:%s ' *)
`
}
