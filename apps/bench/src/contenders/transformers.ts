import type { Contender } from '../contender.js'
import { importOptional } from './import-optional.js'
import { float32Of, toChannelsFirst } from './onnx-session.js'

/** The part of transformers.js that this bench uses. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string }
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object
  readonly AutoModelForImageClassification: {
    from_pretrained(name: string, options: object): Promise<TransformersModel>
  }
}

interface TransformersModel {
  (inputs: Record<string, object>): Promise<{ readonly logits: { readonly data: unknown } }>
  readonly sessions: Readonly<Record<string, { readonly inputNames: readonly string[] }>>
}

const { env, Tensor, AutoModelForImageClassification } = await importOptional<Transformers>('@huggingface/transformers')

/** transformers.js in Node, where it runs native ONNX Runtime. It reads the model's folder from disk. */
export const contender: Contender = {
  async prepare(task) {
    if (task.folder === null) throw new Error('the bench measures transformers.js in Node only')
    env.allowRemoteModels = false
    env.localModelPath = task.folder
    const model = await AutoModelForImageClassification.from_pretrained('transformers', {
      dtype: 'fp32',
      device: 'cpu',
      session_options: { intraOpNumThreads: task.threads, interOpNumThreads: 1 },
    })
    const inputName = Object.values(model.sessions)[0]?.inputNames[0] ?? ''
    const { height, width, channels } = task.picture
    const planes = toChannelsFirst(task.input, task.picture)
    const input = new Tensor('float32', planes, [task.batch, channels, height, width])
    return {
      device: 'native cpu',
      run: async () => float32Of((await model({ [inputName]: input })).logits),
    }
  },
}
