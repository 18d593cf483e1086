import { openBackend } from 'mobilenetv2'
import type { Contender } from '../contender.js'
import { ownContender } from './own-backend.js'

/** This project's WebGPU backend. The bench's number of threads means threads of the CPU, not those of a shader. */
export const contender: Contender = ownContender(() => openBackend('webgpu'))
