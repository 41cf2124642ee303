import type { ResolvedStage, StageGraph } from '../../../../dockerfile/index.ts'
import {
  bringsNodeModules,
  commandsOf,
  installOf,
  lineageOf,
  nameAndVersion,
  rootImageOf,
  stageCopies,
  systemPackagesOf,
  workingFolder,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

interface RuntimeLibrary {
  readonly library: string
  /** what to install, and what else brings it */
  readonly glibc: readonly string[]
  readonly musl: readonly string[]
}

/** Packages whose addon always needs a library of the distribution, whether it was compiled or downloaded. */
const libraries = new Map<string, RuntimeLibrary>([
  [
    'libpq',
    {
      library: 'libpq.so.5',
      glibc: ['libpq5', 'libpq-dev', 'postgresql-client'],
      musl: ['libpq', 'libpq-dev', 'postgresql-libs', 'postgresql-dev', 'postgresql-client'],
    },
  ],
  [
    'kerberos',
    {
      library: 'libgssapi_krb5.so.2',
      glibc: ['libgssapi-krb5-2', 'libkrb5-dev', 'krb5-user'],
      musl: ['krb5-libs', 'krb5-dev', 'krb5'],
    },
  ],
  [
    'keytar',
    {
      library: 'libsecret-1.so.0',
      glibc: ['libsecret-1-0', 'libsecret-1-dev'],
      musl: ['libsecret', 'libsecret-dev'],
    },
  ],
])

export default defineRule({
  id: 'dockerfile/runtime-library-missing',
  severity: 'error',
  summary: 'A package needs a library of the distribution that the final stage does not install.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const final = graph.stages.findLast(({ reachable }) => reachable)
      const image = final && rootImageOf(graph, final)
      // Other bases may have it; what is copied from them as well.
      if (!final || !image?.officialNode || !image.small || !image.libc || copiesLibraries(graph, final))
        continue
      if (!hasNodeModules(graph, final)) continue
      const installed = lineageOf(graph, final)
        .flatMap(commandsOf)
        .flatMap(({ command }) => systemPackagesOf(command))
      if (installed.some((name) => name.includes('$'))) continue
      for (const entry of lockFor(project, file)?.entries ?? []) {
        const needed = entry.dev || entry.optional ? undefined : libraries.get(entry.name)
        if (!needed || needed[image.libc].some((name) => installed.some((has) => isSame(has, name)))) continue
        yield {
          file,
          range: final.stage.from.range,
          package: nameAndVersion(entry),
          message: `${nameAndVersion(entry)} loads ${needed.library}, and ${image.reference} does not have it`,
          hint: `install ${needed[image.libc][0]} in the final stage: what a build stage has does not come along with node_modules`,
        }
      }
    }
  },
})

/** `postgresql-client-16` brings what `postgresql-client` brings. */
function isSame(installed: string, name: string): boolean {
  return installed === name || installed.replace(/-?\d+$/u, '') === name
}

function copiesLibraries(graph: StageGraph, final: ResolvedStage): boolean {
  return lineageOf(graph, final).some(({ steps }) =>
    steps.some(
      ({ instruction }) =>
        instruction.keyword === 'COPY' &&
        instruction.sources.some(({ text }) => /\/lib(?:$|64|\/(?!node))|\.so\b|^\/$|\/usr$/u.test(text)),
    ),
  )
}

function hasNodeModules(graph: StageGraph, final: ResolvedStage): boolean {
  const lineage = lineageOf(graph, final)
  if (lineage.flatMap(commandsOf).some(({ command }) => installOf(command))) return true
  return stageCopies(graph)
    .filter(({ to }) => lineage.includes(to))
    .some((copy) => {
      const folders = lineageOf(graph, copy.from)
        .flatMap(commandsOf)
        .flatMap(({ command, stage, step }) =>
          installOf(command) ? [workingFolder(graph, stage, step)] : [],
        )
      return folders.length > 0 && bringsNodeModules(graph, copy, folders)
    })
}
