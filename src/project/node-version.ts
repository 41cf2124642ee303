import { type CancelOptions, type Finding, InternalError } from '../base/index.ts'
import type { PackageJson } from './package-json.ts'

/** What the project says about the Node it wants; each with the place that says so. */
export interface NodeWish {
  /** `>=20`, `22`, `v22.3.0`, `lts/*` */
  text: string
  /** `package.json engines.node`, `.nvmrc`, … */
  from: string
}

/** The Node that the image gets. */
export interface NodeChoice {
  major: number
  /** a full version when the project pins one, such as `22.11.0` */
  version?: string
  /** why, for `everyarch plan`: `.nvmrc says 22`, `active LTS (nothing in the project asks for another)` */
  reason: string
  /** end of life reached, wishes that contradict each other, … */
  findings: Finding[]
}

/** Collects engines.node, .nvmrc, .node-version, .tool-versions and volta, in order of precedence. */
export async function readNodeWishes(
  root: string,
  packages: readonly PackageJson[],
  options: CancelOptions,
): Promise<NodeWish[]> {
  throw new InternalError(`not written yet ${root} ${packages.length} ${options.signal.aborted}`)
}

/** Pure. `now` decides what is LTS and what has reached its end of life. Throws `ProjectError` `NODE_VERSION_UNKNOWN`. */
export function chooseNode(wishes: readonly NodeWish[], now: Date): NodeChoice {
  throw new InternalError(`not written yet ${wishes.length} ${now}`)
}
