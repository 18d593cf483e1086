export {
  advance,
  bytes16,
  type Code,
  call,
  copyMemory,
  type FunctionRef,
  f32,
  fillMemory,
  i32,
  type Local,
  load,
  loopWhile,
  op,
  plus,
  type Statement,
  sequence,
  shuffle,
  store,
  storeHalf,
  when,
} from './code.js'
export { createModule, type MemoryLimits, type ModuleBuilder, type NewLocal } from './module.js'
export type { ValueType } from './opcodes.js'
export { fingerprint, readSeal, type Seal, sealModule } from './seal.js'
