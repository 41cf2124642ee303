import type { ProjectFacts } from '../index.ts'

/** A TypeScript service that npm installs; each test changes what it is about. */
export function sampleFacts(changes: Partial<ProjectFacts> = {}): ProjectFacts {
  return {
    name: 'shop',
    manager: { name: 'npm', version: '11', lockfile: 'package-lock.json' },
    nodeVersion: '24',
    base: 'node:24-trixie-slim',
    platforms: ['linux/amd64', 'linux/arm64'],
    dependencies: { production: true, any: true },
    installFiles: ['package.json', 'package-lock.json'],
    secretNpmrc: false,
    npmrcVariables: [],
    installScripts: [],
    build: ['npm run build'],
    packages: [{ folder: '', contents: { kind: 'folders', built: ['dist'], beside: [], files: [] } }],
    start: ['node', 'dist/server.js'],
    handlesSigterm: true,
    startEnvironment: {},
    health: { port: 3000, path: '/healthz' },
    addons: [],
    ...changes,
  }
}
