import { createCompiledModel } from '@mobilenetv2/runtime'
import { type Backend, checkParameters } from '@mobilenetv2/spec'
import { describeBackendConformance } from '../src/conformance/describe-backend-conformance.js'
import { runReference } from '../src/reference.js'

/** The reference executor as a backend: the suite must pass where the numbers are right by definition. */
const reference: Backend = {
  name: 'reference',
  availability: async () => ({ available: true, device: 'JavaScript' }),
  async compile(architecture, parameters) {
    checkParameters(architecture, parameters)
    return createCompiledModel({
      backend: 'reference',
      device: 'JavaScript',
      architecture,
      run: async ({ input, batch, outputs }) => runReference(architecture, parameters, input, { batch, outputs }),
      profile: async () => [{ layers: architecture.layers.map(({ id }) => id), milliseconds: 0 }],
      memory: () => ({ weights: 1, activations: 1, scratch: 0, code: 0 }),
      dispose: () => undefined,
    })
  },
}

describeBackendConformance(reference)
