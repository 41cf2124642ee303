/** One platform's image as a folder, of which containers are made. */
import type { PlatformImage } from '../../platform-image.ts'
import type { Janitor } from '../../process/janitor.ts'
import type { Environment } from '../../process/run-tool.ts'
import type { StartRequest } from '../runner.ts'
import type { MemoryGroups } from './memory-group.ts'

/** Of an image, what a root is made of. */
export type RootImage = Pick<PlatformImage, 'config' | 'layers'>

export interface RootFolder {
  /** holds everything of this image: root, bundles, state of the runtime */
  path: string
  root: string
  image: RootImage
  env: Environment
  janitor: Janitor
  groups: MemoryGroups
}

export interface FolderRequest extends StartRequest {
  /** a network of its own, which reaches nothing outside: for a port that is taken on this machine */
  ownNetwork: boolean
}
