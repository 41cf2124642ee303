export {
  type Binfmt,
  type BinfmtHandler,
  emulatorAdvice,
  handlerFor,
  obstacle,
  opensEarly,
  readBinfmt,
} from './handlers.ts'
