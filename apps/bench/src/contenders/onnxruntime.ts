import { openBackend } from 'mobilenetv2'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's backend on native ONNX Runtime. */
export const contender: Contender = ownContender(({ threads }) => openBackend('onnxruntime', { threads }))
