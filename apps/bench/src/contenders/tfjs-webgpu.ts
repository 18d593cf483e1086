import '@tensorflow/tfjs-backend-webgpu'
import { tfjs } from '@mobilenetv2/tfjs'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's executor on TensorFlow.js's WebGPU backend. */
export const contender: Contender = ownContender(async () => tfjs({ backend: 'webgpu' }))
