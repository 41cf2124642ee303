import { dockerfileOf } from '../../../builds/image-build.ts'
import { folderOf } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerignore/unread',
  severity: 'warning',
  summary: 'A .dockerignore lies where no build looks for it.',
  *check(project) {
    for (const file of project.ofKind('dockerignore')) {
      if (!/(^|\/)\.dockerignore$/u.test(file.path)) continue
      const folder = folderOf(file.path)
      const beside = project.dockerfiles
        .filter((dockerfile) => folderOf(dockerfile.file.path) === folder)
        .flatMap(({ builds }) => builds)
      // Only where the builds of the Dockerfiles beside it are known, and all of them have another context.
      if (folder === '' || beside.length === 0 || beside.some(({ context }) => context === undefined))
        continue
      if (project.builds.some(({ context }) => context === folder)) continue
      const [build] = beside
      yield {
        file,
        range: { start: 0, end: file.text.indexOf('\n') === -1 ? file.text.length : file.text.indexOf('\n') },
        message: `no build has ${folder} as its context (it is ${build?.context || 'the project’s root'}): this file is never read`,
        hint: `name it ${dockerfileOf(build as NonNullable<typeof build>)}.dockerignore, or move it to the root of the context`,
      }
    }
  },
})
