/** What a container runs. */
import type { PlatformImage } from '../platform-image.ts'
import { SmokeError } from '../smoke-error.ts'
import type { StartRequest } from './runner.ts'

/** The request's command, or the image's own. Throws `SmokeError` `IMAGE_UNUSABLE` when there is none. */
export function commandOf(
  { config: { config = {} } }: Pick<PlatformImage, 'config'>,
  { argv }: StartRequest,
): readonly string[] {
  const command = argv ?? [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
  if (command.length > 0) return command
  throw new SmokeError('IMAGE_UNUSABLE', 'the image has neither an entrypoint nor a command', {
    kind: 'gate',
    hint: 'set ENTRYPOINT or CMD in the image',
  })
}
