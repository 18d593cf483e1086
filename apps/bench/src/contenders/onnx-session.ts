import type { Shape } from '@mobilenetv2/spec'
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { fileOf, type Runner, type Task } from '../contender.js'

/** The functions that every build of ONNX Runtime for JavaScript has. */
export interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession
  readonly Tensor: typeof Tensor
}

/** Transposes `[batch, height, width, channels]` to `[batch, channels, height, width]`, the layout of ONNX. */
export function toChannelsFirst(input: Float32Array, { height, width, channels }: Shape): Float32Array<ArrayBuffer> {
  const moved = new Float32Array(input.length)
  const pixels = height * width
  for (let start = 0; start < input.length; start += pixels * channels) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        moved[start + channel * pixels + pixel] = input[start + pixel * channels + channel]!
      }
    }
  }
  return moved
}

/** The values of a session's only output. */
export function float32Of(output: { readonly data: unknown } | undefined): Float32Array {
  if (!(output?.data instanceof Float32Array)) throw new TypeError('ONNX Runtime gave no float32 logits')
  return output.data
}

/** A session of ONNX Runtime with its default graph optimisations. */
export async function prepareSession(
  { InferenceSession, Tensor }: OnnxRuntime,
  task: Task,
  options: InferenceSession.SessionOptions,
  device: string | null = null,
): Promise<Runner> {
  const session = await InferenceSession.create(fileOf(task, 'model.onnx'), options)
  const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[0]]
  const { height, width, channels } = task.picture
  const planes = toChannelsFirst(task.input, task.picture)
  const feeds = { [inputName]: new Tensor('float32', planes, [task.batch, channels, height, width]) }
  return {
    device,
    run: async () => float32Of((await session.run(feeds))[outputName]),
  }
}
