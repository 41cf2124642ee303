/** Which files `check` reads, by their path alone. */
import { baseNameOf } from './project-file.ts'

export type FileKind =
  | 'dockerfile'
  | 'dockerignore'
  | 'github-workflow'
  | 'gitlab-ci'
  | 'compose'
  | 'bake-hcl'
  | 'bake-json'
  | 'package'
  | 'npm-lock'
  | 'other-lock'
  | 'manager-config'
  | 'prisma'
  | 'manifest'

/** What follows `Dockerfile.` in files that are something else, templates of Dockerfiles among them. */
const otherSuffix =
  /\.(?:dockerignore|md|ts|js|mjs|json|ya?ml|txt|template|tmpl|tpl|j2|jinja2?|erb|ejs|hbs|mustache|in|m4|bak|orig|gz)$/iu

/** The kind of a file that `check` has rules for; undefined for all others. Paths are relative, with `/`. */
export function fileKindOf(path: string): FileKind | undefined {
  const name = baseNameOf(path)
  if (/^(.+\.)?(Dockerfile|Containerfile)$/iu.test(name)) return 'dockerfile'
  if (/^(Dockerfile|Containerfile)\.[\w.-]+$/iu.test(name) && !otherSuffix.test(name)) return 'dockerfile'
  if (name.endsWith('.dockerignore')) return 'dockerignore'
  if (/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/u.test(path)) return 'github-workflow'
  if (/^\.gitlab-ci\.ya?ml$/u.test(name)) return 'gitlab-ci'
  if (/^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/u.test(name)) return 'compose'
  if (/^docker-bake(\.[\w.-]+)?\.hcl$/u.test(name)) return 'bake-hcl'
  if (/^docker-bake(\.[\w.-]+)?\.json$/u.test(name)) return 'bake-json'
  if (name === 'package.json') return 'package'
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return 'npm-lock'
  if (name === 'pnpm-lock.yaml' || name === 'yarn.lock') return 'other-lock'
  if (['.npmrc', '.yarnrc.yml', 'pnpm-workspace.yaml'].includes(name)) return 'manager-config'
  if (name === 'schema.prisma') return 'prisma'
  if (isManifestPath(path)) return 'manifest'
  return undefined
}

/** Deploy manifests have no fixed name: YAML outside of hidden folders, and ECS task definitions. */
function isManifestPath(path: string): boolean {
  if (/(^|\/)\.(?!k8s)/u.test(path)) return false
  return /\.ya?ml$/u.test(path) || /(^|\/)[\w.-]*task[-_]?def[\w.-]*\.json$/iu.test(path)
}

/** Folders that are not the user's own work. */
export function isForeignFolder(name: string): boolean {
  return [
    'node_modules',
    '.git',
    '.hg',
    '.svn',
    'vendor',
    'bower_components',
    '.yarn',
    '.pnpm-store',
  ].includes(name)
}
