import { tfjs } from '@mobilenetv2/tfjs'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'
import { setTfjsWasm } from './tfjs-wasm-paths.js'

/** This project's executor on TensorFlow.js's WebAssembly backend (XNNPACK). */
export const contender: Contender = ownContender(async (task) => {
  setTfjsWasm(task)
  return tfjs({ backend: 'wasm' })
})
