/** A builder as buildx knows it. */
import { type BuilderNode as NodeFacts, executionText } from '../../../forecast/index.ts'
import type { Platform } from '../../../oci/index.ts'

export interface BuilderNode extends NodeFacts {
  readonly endpoint: string
  /** `running`, `inactive`, `stopped`, … */
  readonly status: string
  /** as it says, such as `v0.16.0`; absent while it is not running */
  readonly version?: string
}

export interface Builder {
  name: string
  /** `docker`, `docker-container`, `kubernetes`, `remote`, `cloud` */
  driver: string
  nodes: readonly BuilderNode[]
}

/** `default (docker: linux/amd64; linux/arm64 emulated)` */
export function builderText(builder: Builder, platforms: readonly Platform[]): string {
  return `${builder.name} (${[builder.driver, executionText(builder, platforms)].filter(Boolean).join(': ')})`
}
