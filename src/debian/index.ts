export { assembleBase } from './assemble-base.ts'
export type { AssembledBase, BaseLayer, BasePackage, BaseRequest, PlatformBase } from './assembled-base.ts'
export { DebianError, type DebianErrorCode } from './debian-error.ts'
export type {
  DebianCache,
  DebianPorts,
  HttpAnswer,
  HttpGet,
  NodePackument,
  NpmAccess,
} from './ports.ts'
export { debianSysroot, type DebianSysroot, type SysrootRequest } from './debian-sysroot.ts'
export { type AdditionRequest, debianAddition, type DebianAddition } from './debian-addition.ts'
