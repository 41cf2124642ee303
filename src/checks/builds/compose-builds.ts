/** Builds of compose services. */
import type { ComposeService } from '../../workflow/index.ts'
import { joinPath, type ProjectFile } from '../project-file.ts'
import { contextPath, type ImageBuild } from './image-build.ts'

export function composeBuilds(file: ProjectFile, services: readonly ComposeService[]): ImageBuild[] {
  return services.flatMap((service) => {
    const { build, entry, image } = service
    if (!build) return []
    const context = contextPath(build.context, file)
    const platforms = build.platforms.map((platform) => platform.text)
    const settled = platforms.every((platform) => !platform.includes('$'))
    return [
      {
        origin: 'compose' as const,
        file,
        range: { start: entry.keyRange.start, end: entry.value.range.end },
        // A compose file is for development unless it says otherwise: without platforms it asks for none.
        platforms: settled ? platforms : undefined,
        context,
        dockerfile:
          context === undefined || build.dockerfile.includes('$')
            ? undefined
            : joinPath(context, build.dockerfile),
        ...(build.target === undefined ? {} : { target: build.target }),
        tags: image ? [{ text: image.text, range: image.range }] : [],
        push: false,
        load: undefined,
        outputs: [],
        cacheTo: [],
        cacheFrom: [],
      },
    ]
  })
}
