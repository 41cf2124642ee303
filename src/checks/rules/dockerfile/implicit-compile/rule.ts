import type { LockedPackage } from '../../../../lockfile/index.ts'
import {
  commandsOf,
  hasFlag,
  installOf,
  lineageOf,
  nameAndVersion,
  neededStages,
  rootImageOf,
  systemPackagesOf,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/implicit-compile',
  severity: 'error',
  summary:
    'npm ci compiles a package that ships binaries, because the lockfile does not say that it must not.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const affected = (lockFor(project, file)?.entries ?? []).filter(
        (entry) => !entry.dev && losesGypfile(entry),
      )
      if (affected.length === 0) continue
      for (const stage of neededStages(graph)) {
        const image = rootImageOf(graph, stage)
        // With a compiler it is slow, without one it fails.
        if (!image?.officialNode || !image.small) continue
        const commands = lineageOf(graph, stage).flatMap(commandsOf)
        const compiler = commands.some(({ command }) =>
          systemPackagesOf(command).some((name) => /^(?:g\+\+|build-essential|build-base|\$)/u.test(name)),
        )
        const found = commandsOf(stage).find(({ command }) => {
          const install = installOf(command)
          return install?.manager === 'npm' && install.frozen && !hasFlag(command, '--ignore-scripts')
        })
        if (!found || compiler) continue
        for (const entry of affected) {
          yield {
            file,
            range: found.command.range,
            package: nameAndVersion(entry),
            message: `npm ci runs node-gyp for ${nameAndVersion(entry)}, and ${image.reference} has no compiler`,
            hint: `the package says gypfile: false, which the lockfile does not keep: install with --ignore-scripts, its binaries are inside`,
          }
        }
      }
    }
  },
})

/** Packages with a binding.gyp, binaries inside, and `gypfile: false` in their package.json. */
function losesGypfile({ name, version = '' }: LockedPackage): boolean {
  return name === 'better-sqlite3' && Number.parseInt(version, 10) >= 13
}
