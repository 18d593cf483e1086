import type { Contender } from '../contender.js'
import { openWasm } from './open-wasm.js'
import { ownContender } from './own-backend.js'

/** This project's WebAssembly backend. */
export const contender: Contender = ownContender(({ threads }) => openWasm(threads))
