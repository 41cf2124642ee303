/** The project as rules see it: its files by kind, read once, and what they say together. */
import { type Dockerfile, parseDockerfile, resolveStages, type StageGraph } from '../dockerfile/index.ts'
import {
  type BakeTarget,
  bakeTargetsOfHcl,
  bakeTargetsOfJson,
  type ComposeService,
  type Deployment,
  type GithubWorkflow,
  type GitlabJob,
  parseHcl,
  parseYaml,
  toComposeServices,
  toDeployments,
  toGithubWorkflow,
  toGitlabJobs,
  type WorkflowJob,
  type YamlFile,
  type YamlNode,
} from '../workflow/index.ts'
import { actionBuilds } from './builds/action-builds.ts'
import { bakeBuilds } from './builds/bake-builds.ts'
import { commandBuilds, type Script } from './builds/command-builds.ts'
import { composeBuilds } from './builds/compose-builds.ts'
import { dockerfileOf, type ImageBuild } from './builds/image-build.ts'
import { type FileKind, fileKindOf } from './file-kind.ts'
import { type NpmLock, readNpmLock } from './npm-lock.ts'
import { type PackageManifest, readPackageManifest } from './package-manifest.ts'
import { folderOf, type ProjectFile, toProjectFile } from './project-file.ts'

export interface CheckedDockerfile {
  readonly file: ProjectFile
  readonly dockerfile: Dockerfile
  /** the builds that use it */
  readonly builds: readonly ImageBuild[]
  /** the platforms that it is built for: those that its builds name, else those of the project */
  readonly platforms: readonly string[]
  /** what a build for one platform does, on a builder of another architecture */
  readonly graphFor: (platform: string) => StageGraph
  /** the same for any platform, where it does not matter which */
  readonly graph: StageGraph
}

export interface CheckedYaml<T> {
  readonly file: ProjectFile
  readonly yaml: YamlFile
  readonly content: T
}

export interface CheckedBake {
  readonly file: ProjectFile
  readonly targets: readonly BakeTarget[]
  readonly problem: { message: string; start: number; end: number } | undefined
}

export interface CheckedProject {
  readonly files: ReadonlyMap<string, ProjectFile>
  /** the platforms that the project wants: from its configuration, else amd64 and arm64 */
  readonly platforms: readonly string[]
  /** the same, but only when the project says it */
  readonly asked: readonly string[] | undefined
  readonly dockerfiles: readonly CheckedDockerfile[]
  readonly workflows: readonly CheckedYaml<GithubWorkflow | undefined>[]
  readonly gitlab: readonly CheckedYaml<readonly GitlabJob[]>[]
  readonly composes: readonly CheckedYaml<readonly ComposeService[]>[]
  readonly bakes: readonly CheckedBake[]
  readonly manifests: readonly CheckedYaml<readonly Deployment[]>[]
  readonly packages: readonly PackageManifest[]
  readonly locks: readonly NpmLock[]
  readonly builds: readonly ImageBuild[]
  readonly buildsByJob: ReadonlyMap<WorkflowJob | undefined, readonly ImageBuild[]>
  /** the platforms that base images offer, where somebody asked their registries */
  readonly offered: ReadonlyMap<string, readonly string[]>
  /** the files of a kind */
  readonly ofKind: (kind: FileKind) => readonly ProjectFile[]
}

const defaultPlatforms = ['linux/amd64', 'linux/arm64'] as const

export interface ReadOptions {
  readonly platforms?: readonly string[]
  readonly basePlatforms?: ReadonlyMap<string, readonly string[]>
}

/** Reads a set of files. Pure: nothing outside of `texts` is looked at. */
export function readProject(
  texts: ReadonlyMap<string, string>,
  { platforms, basePlatforms }: ReadOptions = {},
): CheckedProject {
  const files = new Map([...texts].map(([path, text]) => [path, toProjectFile(path, text)]))
  const byKind = grouped([...files.values()], ({ path }) => fileKindOf(path))
  const ofKind = (kind: FileKind) => byKind.get(kind) ?? []
  const workflows = ofKind('github-workflow').map((file) => readYaml(file, toGithubWorkflow))
  const gitlab = ofKind('gitlab-ci').map((file) => readYaml(file, toGitlabJobs))
  const composes = ofKind('compose').map((file) => readYaml(file, toComposeServices))
  const bakes = [...ofKind('bake-hcl').map(readBakeHcl), ...ofKind('bake-json').map(readBakeJson)]
  const builds = [
    ...workflows.flatMap(({ file, content }) => (content ? actionBuilds(file, content) : [])),
    ...scriptsOf(workflows, gitlab).flatMap(commandBuilds),
    ...bakes.flatMap(({ file, targets }) => bakeBuilds(file, targets)),
    ...composes.flatMap(({ file, content }) => composeBuilds(file, content)),
  ]
  const wanted = platforms ?? defaultPlatforms
  const byDockerfile = grouped(builds, dockerfileOf)
  return {
    files,
    platforms: wanted,
    asked: platforms,
    dockerfiles: ofKind('dockerfile')
      .filter(isWhole)
      .map((file) => readDockerfile(file, byDockerfile.get(file.path) ?? [], wanted)),
    workflows,
    gitlab,
    composes,
    bakes,
    manifests: ofKind('manifest')
      .filter(mayBeManifest)
      .map((file) => ({ file, ...deploymentsOf(file) })),
    packages: ofKind('package').flatMap((file) => readPackageManifest(file)),
    locks: ofKind('npm-lock').flatMap((file) => readNpmLock(file)),
    builds,
    buildsByJob: grouped(builds, ({ job }) => job),
    offered: basePlatforms ?? new Map(),
    ofKind,
  }
}

function readYaml<T>(file: ProjectFile, read: (document: YamlNode | undefined) => T): CheckedYaml<T> {
  const yaml = parseYaml(file.text)
  return { file, yaml, content: read(yaml.documents[0]) }
}

/** Most YAML files of a repository are no manifests: a look at the text spares reading them. */
function mayBeManifest(file: ProjectFile): boolean {
  return (
    /\bimage\b|ImageUri/u.test(file.text) &&
    /^\s*["']?(?:apiVersion|Resources|containerDefinitions)["']?\s*:/mu.test(file.text)
  )
}

function deploymentsOf(file: ProjectFile): { yaml: YamlFile; content: Deployment[] } {
  const yaml = parseYaml(file.text)
  return { yaml, content: yaml.documents.flatMap((document) => toDeployments(document)) }
}

function readBakeHcl(file: ProjectFile): CheckedBake {
  const hcl = parseHcl(file.text)
  const [problem] = hcl.problems
  return {
    file,
    targets: bakeTargetsOfHcl(hcl),
    problem: problem && { message: problem.message, ...problem.range },
  }
}

function readBakeJson(file: ProjectFile): CheckedBake {
  const yaml = parseYaml(file.text)
  const [problem] = yaml.problems
  const targets = bakeTargetsOfJson(yaml.documents[0])
  return { file, targets, problem: problem && { message: problem.message, ...problem.range } }
}

/** The scripts of all steps and jobs. */
function scriptsOf(workflows: CheckedProject['workflows'], gitlab: CheckedProject['gitlab']): Script[] {
  const steps = workflows.flatMap(({ file, content }) =>
    (content?.jobs ?? []).flatMap((job) =>
      job.steps.flatMap((step) => (step.run ? [{ file, source: step.run.source, job, step }] : [])),
    ),
  )
  const lines = gitlab.flatMap(({ file, content }) =>
    content.flatMap((job) => job.script.map((line) => ({ file, source: line.source }))),
  )
  return [...steps, ...lines]
}

/** `Dockerfile.something` without FROM is a piece that a script puts together with others. */
function isWhole({ path, text }: ProjectFile): boolean {
  return !/(?:Dockerfile|Containerfile)\.[^/]+$/iu.test(path) || /^\s*FROM\s/imu.test(text)
}

function readDockerfile(
  file: ProjectFile,
  own: readonly ImageBuild[],
  wanted: readonly string[],
): CheckedDockerfile {
  const dockerfile = parseDockerfile(file.text)
  const named = [...new Set(own.flatMap((build) => build.platforms ?? []))]
  const platforms = named.length > 0 ? named : wanted
  const graphs = new Map<string, StageGraph>()
  const graphFor = (platform: string) => {
    const known =
      graphs.get(platform) ??
      resolveStages(dockerfile, { target: split(platform), build: otherThan(platform) })
    graphs.set(platform, known)
    return known
  }
  return {
    file,
    dockerfile,
    builds: own,
    platforms,
    graphFor,
    get graph() {
      return graphFor(platforms[0] ?? defaultPlatforms[0])
    },
  }
}

function split(platform: string): { os: string; architecture: string; variant?: string } {
  const [os = 'linux', architecture = '', variant] = platform.split('/')
  return { os, architecture, ...(variant ? { variant } : {}) }
}

/** A builder of another architecture: only then does it show where a step runs. */
function otherThan(platform: string): { os: string; architecture: string } {
  return { os: 'linux', architecture: split(platform).architecture === 'amd64' ? 'arm64' : 'amd64' }
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** The nearest file of that name in a folder or above it. */
export function nearest<T extends { file: ProjectFile }>(items: readonly T[], folder: string): T | undefined {
  const inReach = items.filter((item) => {
    const own = folderOf(item.file.path)
    return own === '' || own === folder || folder.startsWith(`${own}/`)
  })
  return inReach.sort((a, b) => folderOf(b.file.path).length - folderOf(a.file.path).length)[0]
}
