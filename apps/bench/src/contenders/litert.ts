import { type CompiledModel, getGlobalLiteRtPromise, loadAndCompile, loadLiteRt, type Tensor } from '@litertjs/core'
import { fileOf, type Task } from '../contender.js'

/** LiteRT.js on the CPU. Two models share one copy of the library, as they do in one page. */
export async function compileLiteRt(task: Task): Promise<CompiledModel> {
  await (getGlobalLiteRtPromise() ?? loadLiteRt(`${task.peers}litert/`, { threads: task.threads > 1 }))
  return loadAndCompile(fileOf(task, 'model.tflite'), { accelerator: 'wasm', cpuOptions: { numThreads: task.threads } })
}

/** One run of a model with one input and one output. `read` copies the output before it is freed. */
export async function runLiteRt<Values>(model: CompiledModel, input: Tensor, read: (output: Tensor) => Values): Promise<Values> {
  const outputs = await model.run(input)
  input.delete()
  const values = read(outputs[0]!)
  for (const output of outputs) output.delete()
  return values
}
