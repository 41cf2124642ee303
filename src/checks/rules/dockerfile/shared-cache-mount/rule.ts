import { type Mount, mountField, type ResolvedStage } from '../../../../dockerfile/index.ts'
import { insert, insertLineBefore } from '../../../edits.ts'
import { neededStages } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/shared-cache-mount',
  severity: 'warning',
  summary: 'A cache mount with binaries for one CPU is shared by the builds of all platforms.',
  *check(project) {
    for (const { file, graph, platforms } of soundDockerfiles(project)) {
      if (platforms.length < 2) continue
      for (const stage of neededStages(graph)) {
        if (stage.runsOn !== 'target') continue
        for (const { instruction, scope, onbuild } of stage.steps) {
          if (instruction.keyword !== 'RUN' || onbuild) continue
          for (const mount of instruction.mounts) {
            const target = mountField(mount, 'target', 'dst', 'destination')
            if (
              mount.type !== 'cache' ||
              !target ||
              !holdsBinaries(target.value) ||
              isPerPlatform(mount, stage)
            )
              continue
            const declaration = scope.has('TARGETARCH')
              ? []
              : [insertLineBefore(file, instruction.range.start, 'ARG TARGETARCH')]
            const id = mountField(mount, 'id')
            const name = id
              ? ''
              : `id=${target.value.replaceAll(/[^\w.-]+/gu, '-').replaceAll(/^-|-$/gu, '')}-$TARGETARCH,`
            const edit = id
              ? insert(file, id.valueRange.end, '-$TARGETARCH')
              : insert(file, target.range.start, name)
            yield {
              file,
              range: mount.flag.range,
              message: `the builds of ${platforms.join(' and ')} write into one ${target.value}: one finds the other’s binaries`,
              fix: {
                title: 'give each platform a cache of its own',
                automatic: true,
                edits: [...declaration, edit],
              },
            }
          }
        }
      }
    }
  },
})

/** Downloaded packages are the same for all platforms, or their names say for which they are; what was built is not. */
function holdsBinaries(path: string): boolean {
  return /(?:^|\/)(?:node_modules|\.ccache|ccache|\.cargo\/(?:bin|git\/db)|target|_prebuilds|\.cache\/prebuild)(?:\/|$)/u.test(
    path,
  )
}

function isPerPlatform(mount: Mount, stage: ResolvedStage): boolean {
  const id = mountField(mount, 'id')?.value ?? ''
  if (/TARGETARCH|TARGETPLATFORM/u.test(id)) return true
  const names = [...id.matchAll(/\$\{?(\w+)/gu)].map((match) => match[1] as string)
  return (
    names.some((name) => (stage.scope.get(name)?.platformArguments.size ?? 0) > 0) ||
    mountField(mount, 'sharing')?.value === 'private'
  )
}
