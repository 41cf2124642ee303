/** What is known of the project whose Dockerfile is rewritten. What is not known is never assumed. */
import type { LockedPackage } from '../lockfile/index.ts'

export interface OptimizeFacts {
  /** the Dockerfile's name in positions; default `Dockerfile` */
  readonly file?: string
  /** the platforms that the image is for; default amd64 and arm64 */
  readonly platforms?: readonly string[]
  /** `packages` fetches simple distribution packages natively as well; default `code` */
  readonly level?: 'code' | 'packages'
  /** `--target`, `--build-arg` and `--build-context` of the build */
  readonly targetStage?: string
  readonly buildArgs?: Readonly<Record<string, string>>
  readonly contexts?: readonly string[]
  readonly project: OptimizeProject
}

export interface OptimizeProject {
  /** of package.json; absent when there is none that can be read */
  readonly scripts?: Readonly<Record<string, string>>
  /** `packageManager` of package.json, such as `pnpm@10.15.0` */
  readonly packageManager?: string
  /** every entry of package-lock.json; absent when there is none that can be read */
  readonly packages?: readonly LockedPackage[]
  /** packages whose install scripts pnpm or Bun may run; absent when that is not known */
  readonly allowedBuilds?: readonly string[]
  /** the project has workspaces: node_modules stands in several folders */
  readonly workspaces: boolean
  /** .dockerignore keeps node_modules out of the build context */
  readonly ignoresModules: boolean
}
