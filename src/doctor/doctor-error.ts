import { CodedError } from '../base/index.ts'

export type DoctorErrorCode = 'REPAIR_FAILED' | 'REPAIR_UNCONFIRMED'

/** Why `everyarch setup` repaired nothing, or not all. */
export class DoctorError extends CodedError<DoctorErrorCode> {}
