import { openBackend } from 'mobilenetv2'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's executor on native TensorFlow with CUDA. */
export const contender: Contender = ownContender(() => openBackend('node-cuda'))
