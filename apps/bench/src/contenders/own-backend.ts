import { type Architecture, type CompiledModel, defineMobileNetV2, type Parameters } from '@mobilenetv2/spec'
import { readCheckpoint, toParameters } from '@mobilenetv2/weights'
import { type Contender, fileOf } from '../contender.js'

/** Compiles with a backend of this project. */
export type Compile = (architecture: Architecture, parameters: Parameters, threads: number) => Promise<CompiledModel>

/** A backend of this project, from this project's own safetensors file. */
export function ownContender(compile: Compile): Contender {
  return {
    async prepare(task) {
      const architecture = defineMobileNetV2(task.options)
      const checkpoint = await readCheckpoint(fileOf(task, 'model.safetensors'))
      const model = await compile(architecture, toParameters(checkpoint, architecture), task.threads)
      return {
        device: model.device,
        run: async () => (await model.run(task.input, { batch: task.batch })).logits,
        profile: () => model.profile(),
      }
    },
  }
}
