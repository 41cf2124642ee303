import { parsePlatform, type Platform } from '../../oci/index.ts'
import type { Configuration } from './configuration.ts'

const defaultPlatforms = ['linux/amd64', 'linux/arm64']

/** The platforms that images are made for, whatever makes them. Throws `OciError` `INVALID_PLATFORM`. */
export function targetPlatforms({
  platforms = defaultPlatforms,
}: Pick<Configuration, 'platforms'>): Platform[] {
  return platforms.map(parsePlatform)
}
