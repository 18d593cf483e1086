import { webgpu } from '@mobilenetv2/backend-webgpu'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's WebGPU backend; the shader's threads are not counted. */
export const contender: Contender = ownContender((architecture, parameters) => webgpu().compile(architecture, parameters))
