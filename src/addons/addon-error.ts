import { CodedError } from '../base/index.ts'

export type AddonErrorCode =
  /** an addon has to be compiled, and this machine has no toolchain for the platform */
  | 'ADDON_NEEDS_COMPILER'
  /** the compiler, or a step before it, failed */
  | 'ADDON_COMPILE_FAILED'
  /** this machine cannot run programs of the platform in a root of the base image */
  | 'ADDON_CANNOT_EMULATE'
  /** a prebuilt binary could not be had, and nothing else is allowed or possible */
  | 'ADDON_DOWNLOAD_FAILED'
  /** a binary is not what its name or its package says: another machine, C library or newer symbols */
  | 'ADDON_BINARY_WRONG'
  /** the headers of the target's Node cannot be had */
  | 'ADDON_HEADERS_MISSING'
  /** a system library that an addon is linked to cannot be brought into the image */
  | 'ADDON_LIBRARY_MISSING'
  /** none of the ways that are left leads to a binary */
  | 'ADDON_UNAVAILABLE'

/** Why a package's binary cannot be had for a platform. */
export class AddonError extends CodedError<AddonErrorCode> {}
