import type { Contender } from '../contender.js'
import { importOptional } from './import-optional.js'
import { type OnnxRuntime, prepareSession } from './onnx-session.js'

const ort = await importOptional<OnnxRuntime>('onnxruntime-node')

/** Native ONNX Runtime on the CPU. */
export const contender: Contender = {
  prepare: (task) =>
    prepareSession(ort, task, { executionProviders: ['cpu'], intraOpNumThreads: task.threads, interOpNumThreads: 1 }, 'native cpu'),
}
