export { type Binfmt, type BinfmtHandler, handlerFor, readBinfmt } from './handlers.ts'
