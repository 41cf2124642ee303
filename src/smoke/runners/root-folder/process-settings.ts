/** What the first process of a container is, from the image's configuration and the request. */
import type { PlatformImage } from '../../platform-image.ts'
import { commandOf } from '../command-of.ts'
import type { StartRequest } from '../runner.ts'
import { findUser, type ImageUser } from './find-user.ts'

export interface ProcessSettings {
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  user: ImageUser
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Throws `SmokeError` `IMAGE_UNUSABLE`. */
export async function processSettings(
  image: Pick<PlatformImage, 'config'>,
  request: StartRequest,
  root: string,
): Promise<ProcessSettings> {
  const argv = commandOf(image, request)
  const { config = {} } = image.config
  const user = await findUser(root, config.User)
  const own = (config.Env ?? []).map((text) => {
    const equals = text.indexOf('=')
    return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
  })
  const env = {
    PATH: defaultPath,
    HOME: user.home,
    HOSTNAME: 'smoke',
    ...Object.fromEntries(own),
    ...request.env,
  }
  return { argv, env: env as Record<string, string>, cwd: config.WorkingDir || '/', user }
}
