import { wasm } from '@mobilenetv2/backend-wasm'
import type { Contender } from '../contender.js'

/** This project's WebAssembly backend, one thread. */
export const wasmContender: Contender = {
  name: 'wasm',
  async prepare({ architecture, parameters, input }) {
    const model = await wasm.compile(architecture, parameters)
    return {
      run: async () => (await model.run(input)).logits,
      dispose: async () => model.dispose(),
    }
  },
}
