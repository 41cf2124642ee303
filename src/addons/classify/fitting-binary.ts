/** The binary that a platform's Node would load, among those that a package has. */
import { abiOfMajor, nodeApiOfRelease } from '../../elf/index.ts'
import type { TargetPlatform } from '../../npm/index.ts'
import { canServe, parsePlatform } from '../../oci/index.ts'
import { type BinaryFile, compareVersions } from './binary-facts.ts'

export interface Choice {
  chosen?: BinaryFile
  /** why none fits, of the ones that come nearest; absent when there are no binaries at all */
  reason?: string
}

/** Chooses among addons, else among executables; libraries only come along. */
export function choose(binaries: readonly BinaryFile[], target: TargetPlatform): Choice {
  const loaded = binaries.filter(({ kind }) => kind === 'addon')
  const list = loaded.length > 0 ? loaded : binaries.filter(({ kind }) => kind === 'executable')
  if (list.length === 0) return {}
  let objections = list.map((binary) => ({ binary, objection: objectionTo(binary, target) }))
  const chosen = objections.find(({ objection }) => objection === undefined)?.binary
  if (chosen) return { chosen }
  objections = objections.sort((a, b) => (b.objection?.rank ?? 0) - (a.objection?.rank ?? 0))
  const [nearest] = objections
  return nearest?.objection ? { reason: nearest.objection.text } : {}
}

/** Why a binary cannot be loaded; a higher rank comes nearer. */
interface Objection {
  rank: number
  text: string
}

function objectionTo(binary: BinaryFile, target: TargetPlatform): Objection | undefined {
  const { platform, libc, nodeVersion, glibc } = target
  if (!canServe(parsePlatform(binary.platform), platform)) {
    return { rank: 0, text: 'its binaries are for other processors' }
  }
  const abi = nodeVersion === undefined ? undefined : abiOfMajor(Number.parseInt(nodeVersion, 10))
  if (abi !== undefined && binary.abis.length > 0 && !binary.abis.includes(abi)) {
    return {
      rank: 1,
      text: `its binaries are for NODE_MODULE_VERSION ${binary.abis.join(', ')}, Node ${nodeVersion} has ${abi}`,
    }
  }
  const nodeApi = nodeVersion === undefined ? undefined : nodeApiOfRelease(nodeVersion)
  if (nodeApi !== undefined && (binary.nodeApi ?? 0) > nodeApi) {
    return {
      rank: 2,
      text: `${binary.path} needs Node-API ${binary.nodeApi}, Node ${nodeVersion} has ${nodeApi}`,
    }
  }
  if (binary.libc !== undefined && binary.libc !== libc) {
    return { rank: 3, text: `${binary.path} is for ${binary.libc}` }
  }
  if (libc === 'glibc' && glibc !== undefined && binary.glibc && compareVersions(binary.glibc, glibc) > 0) {
    return { rank: 4, text: `${binary.path} needs glibc ${binary.glibc}, the base has ${glibc}` }
  }
  return undefined
}
