import '@tensorflow/tfjs-backend-cpu'
import { tfjs } from '@mobilenetv2/tfjs'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's executor on TensorFlow.js in plain JavaScript. */
export const contender: Contender = ownContender(async () => tfjs({ backend: 'cpu' }))
