import type { Contender } from '../contender.js'
import { compileWasm } from './compile-wasm.js'
import { ownContender } from './own-backend.js'

/** This project's WebAssembly backend. */
export const contender: Contender = ownContender(compileWasm)
