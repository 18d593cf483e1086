import type { Backend } from '@mobilenetv2/spec'
import { readNetwork } from '@mobilenetv2/weights'
import { type Contender, fileOf, type Task } from '../contender.js'

/** A backend of this project, with a network from this project's safetensors file. */
export function ownContender(open: (task: Task) => Promise<Backend>): Contender {
  return {
    async prepare(task) {
      // Both at the same time, as `load` does it.
      const [backend, { architecture, parameters }] = await Promise.all([
        open(task),
        readNetwork(fileOf(task, 'model.safetensors')),
      ])
      const compiled = await backend.compile(architecture, parameters)
      return {
        device: compiled.device,
        run: async () => (await compiled.run(task.input, { batch: task.batch })).logits,
        profile: () => compiled.profile(),
      }
    },
  }
}
