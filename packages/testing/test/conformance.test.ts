import {
  type Backend,
  type CompiledModel,
  checkParameters,
  MobileNetV2Error,
  type OutputName,
  type RunOptions,
} from '@mobilenetv2/spec'
import { describeBackendConformance } from '../src/conformance/describe-backend-conformance.js'
import { runReference } from '../src/reference.js'

/** The reference executor as a backend: the suite must pass where the numbers are right by definition. */
const reference: Backend = {
  name: 'reference',
  availability: async () => ({ available: true, device: 'JavaScript' }),
  async compile(architecture, parameters) {
    checkParameters(architecture, parameters)
    let disposed = false
    const dispose = () => {
      disposed = true
    }
    const run = async <Output extends OutputName = 'logits'>(input: Float32Array, options: RunOptions<Output> = {}) => {
      const { signal, ...rest } = options
      signal?.throwIfAborted()
      if (disposed) throw new MobileNetV2Error('DISPOSED', 'The model was used after dispose().')
      return runReference(architecture, parameters, input, rest)
    }
    return {
      backend: 'reference',
      device: 'JavaScript',
      architecture,
      run,
      profile: async () => [{ layers: architecture.layers.map(({ id }) => id), milliseconds: 0 }],
      memory: () => ({ weights: 1, activations: 1, scratch: 0, code: 0 }),
      dispose,
      [Symbol.dispose]: dispose,
    } satisfies CompiledModel
  },
}

describeBackendConformance(reference)
