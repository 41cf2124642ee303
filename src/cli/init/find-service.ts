/** The port that the service listens on, the path that says how it is, and whether it ends when asked: from configuration, start command and sources. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { type Configuration, type PackageJson, walkContext } from '../../project/index.ts'
import type { HealthFacts } from '../../scaffold/index.ts'
import { productionNames } from './find-packages.ts'

export interface FoundHealth extends HealthFacts {
  /** for the lines that explain */
  from: string
}

/** Frameworks that answer HTTP; 3000 is what all of them take when nothing is said, by default or by custom. */
const frameworks =
  /^(?:express|fastify|koa|@hapi\/hapi|hono|next|nuxt|@nestjs\/core|polka|restify|@remix-run\/(?:node|serve)|@apollo\/server)$/u

const portInCode =
  /(?:process\.env\.PORT\s*(?:\?\?|\|\|)\s*['"]?|\.listen\(\s*(?:\{\s*port:\s*)?)(\d{2,5})\b/u
const pathInCode = /['"`](\/(?:api\/)?(?:healthz|health|_health|livez|readyz|status|ping))['"`]/u
/** Node as process 1 ignores a SIGTERM that nobody handles: engines then wait and kill. */
const stopInCode = /SIGTERM|enableShutdownHooks|close-with-grace|http-graceful-shutdown|@godaddy\/terminus/u
const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx)$/u
/** Enough to find where a service listens; a repository's generated code is not searched. */
const maxFiles = 400
const maxFileBytes = 256 * 1024

export interface FoundService {
  /** undefined when nothing looks like a server */
  health: FoundHealth | undefined
  handlesSigterm: boolean
}

/** What the sources of the package in `folder`, and its configuration, say of the service that runs. */
export async function findService(
  folder: string,
  packageJson: PackageJson,
  configuration: Configuration,
  start: readonly string[],
  options: CancelOptions,
): Promise<FoundService> {
  const { handlesSigterm, ...code } = await searchSources(folder, options)
  return { health: healthOf(packageJson, configuration, start, code), handlesSigterm }
}

function healthOf(
  packageJson: PackageJson,
  { image }: Configuration,
  start: readonly string[],
  code: { port?: number; path?: string },
): FoundHealth | undefined {
  const path = code.path === undefined ? {} : { path: code.path }
  const configured = image?.ports?.find((port) => port.endsWith('/tcp'))
  if (configured)
    return { port: Number.parseInt(configured, 10), ...path, from: 'image.ports of the configuration' }
  const flag = /(?:^|\s)(?:-p|--port)[= ](\d{2,5})(?:\s|$)/u.exec(start.join(' '))?.[1]
  if (flag) return { port: Number(flag), ...path, from: 'the start script' }
  if (code.port !== undefined) return { port: code.port, ...path, from: 'the sources' }
  const framework = productionNames(packageJson).find((name) => frameworks.test(name))
  return framework === undefined ? undefined : { port: 3000, ...path, from: `${framework} is a dependency` }
}

async function searchSources(
  folder: string,
  { signal }: CancelOptions,
): Promise<{ port?: number; path?: string; handlesSigterm: boolean }> {
  const entries = await walkContext(folder, {
    signal,
    leaveOut: ['node_modules', '.git', '.next', 'dist', 'build', 'coverage', 'test', 'tests', '__tests__'],
  }).catch(() => [])
  const files = entries.filter(
    (entry) => entry.type === 'file' && sourceFile.test(entry.path) && entry.size <= maxFileBytes,
  )
  let port: number | undefined
  let path: string | undefined
  let handlesSigterm = false
  for (const { path: file } of files.slice(0, maxFiles)) {
    throwIfAborted(signal)
    const text = readText(join(folder, file))
    port ??= Number(portInCode.exec(text)?.[1]) || undefined
    path ??= pathInCode.exec(text)?.[1]
    handlesSigterm ||= stopInCode.test(text)
  }
  return { ...(port && port <= 65_535 ? { port } : {}), ...(path ? { path } : {}), handlesSigterm }
}

/** A file that cannot be read tells nothing here; where it matters, the build says so. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
