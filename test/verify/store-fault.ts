import { CodedError } from '../../src/base/index.ts'

/** What a store throws, for readers that tests break on purpose. */
export class StoreFault extends CodedError {
  constructor(code: string) {
    super(code, `broken on purpose: ${code}`, { kind: 'environment' })
  }
}
