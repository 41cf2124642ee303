/** What a build must not see: packages of the developer's machine, history, secrets, and what the build writes itself. */
import type { ProjectFacts } from './project-facts.ts'

const groups = (facts: ProjectFacts): readonly (readonly [why: string, patterns: readonly string[]])[] => [
  ['packages are installed in the build, for the platform of the image', ['**/node_modules']],
  ['what the build writes', builtFolders(facts)],
  [
    'history and editors',
    ['.git', '.gitignore', '.gitattributes', '.github', '.gitlab-ci.yml', '.vscode', '.idea'],
  ],
  [
    'secrets: give them to the container when it starts, or to the build as a secret',
    [
      '**/.env',
      '**/.env.*',
      '!**/.env.example',
      ...(facts.secretNpmrc ? ['**/.npmrc'] : []),
      '**/.netrc',
      '**/*.pem',
      '**/*.key',
      '**/id_rsa*',
      '**/id_ed25519*',
      '**/.aws',
      '**/.ssh',
    ],
  ],
  ['nothing of the service', ['**/*.log', '**/coverage', '**/.DS_Store', '**/*.tsbuildinfo']],
  [
    'how images are built: a change of it is no change of the sources',
    [
      'Dockerfile*',
      '*.Dockerfile',
      '.dockerignore',
      'compose*.yaml',
      'docker-bake.hcl',
      'everyarch.config.json',
    ],
  ],
]

/** Pure. The text ends with a line end. */
export function toDockerignore(facts: ProjectFacts): string {
  return groups(facts)
    .filter(([, patterns]) => patterns.length > 0)
    .map(([why, patterns]) => `# ${why}\n${patterns.join('\n')}\n`)
    .join('\n')
}

/** Only patterns that a text does not have yet, for a file that exists; undefined when it has them all. */
export function completedDockerignore(text: string, facts: ProjectFacts): string | undefined {
  const present = new Set(text.split(/\r?\n/u).map(normalized))
  const mentions = (pattern: string) =>
    // An exception that somebody wrote was meant.
    present.has(normalized(pattern)) || present.has(`!${normalized(pattern)}`)
  const missing = essential(facts).filter((pattern) => !mentions(pattern))
  if (missing.length === 0) return undefined
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const separator = text === '' || text.endsWith('\n') ? '' : end
  return `${text}${separator}${missing.map((pattern) => `${pattern}${end}`).join('')}`
}

/** What must never come into a build. */
function essential({ secretNpmrc }: ProjectFacts): string[] {
  return ['**/node_modules', '.git', '**/.env', ...(secretNpmrc ? ['**/.npmrc'] : [])]
}

/** `node_modules/` and `/node_modules` mean the same for what this looks at. */
function normalized(pattern: string): string {
  return pattern.trim().replace(/^\//u, '').replace(/\/$/u, '')
}

function builtFolders({ packages }: ProjectFacts): string[] {
  const names = packages.flatMap(({ folder, contents }) => {
    const inside = (name: string) => (folder === '' ? name : `${folder}/${name}`)
    if (contents.kind === 'next-standalone') return [inside('.next')]
    return contents.kind === 'folders' ? contents.built.map(inside) : []
  })
  return [...new Set(names)]
}
