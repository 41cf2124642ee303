import { type CancelOptions, InternalError } from '../base/index.ts'
import type { AssembledBase, BaseRequest } from './assembled-base.ts'
import type { DebianPorts } from './ports.ts'

/**
 * Decides what a base image of Debian packages and Node consists of, for every platform of the request: checks the signed
 * index, follows dependencies, chooses Node. Cheap when nothing changed. Packages are downloaded only when a layer's entries
 * are read. Throws `DebianError`.
 */
export async function assembleBase(
  request: BaseRequest,
  ports: DebianPorts,
  options: CancelOptions,
): Promise<AssembledBase> {
  throw new InternalError(
    `assembleBase is being written ${request.suite}${typeof ports}${options.signal.aborted}`,
  )
}
