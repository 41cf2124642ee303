import { nameAndVersion, npmCpu, rootImageOf } from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { glibcFloor, isOlder } from '../../../facts/prebuilt-glibc.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/glibc-too-old',
  severity: 'error',
  summary: 'A package’s prebuilt binary needs a newer glibc than the base image has.',
  *check(project) {
    for (const { file, graph, platforms } of soundDockerfiles(project)) {
      const { target } = graph
      const image = target && rootImageOf(graph, target)
      const lock = lockFor(project, file)
      if (!target || !image?.glibc || !lock) continue
      for (const entry of lock.entries) {
        const floor = entry.dev ? undefined : glibcFloor(entry)
        if (!floor || !isOlder(image.glibc, floor.glibc)) continue
        const concerned = platforms.filter(
          (platform) => floor.cpu === undefined || npmCpu(platform) === floor.cpu,
        )
        if (concerned.length === 0) continue
        yield {
          file,
          range: target.stage.from.range,
          package: nameAndVersion(entry),
          message: `${nameAndVersion(entry)} needs glibc ${floor.glibc} on ${concerned.join(', ')}, and ${image.reference} has ${image.glibc}`,
          hint: `use a newer base (bookworm has 2.36, trixie 2.41), an older ${entry.name}, or compile it in a stage of the same base`,
        }
      }
    }
  },
})
