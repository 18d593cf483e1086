import { basename, dirname } from 'node:path'
import { importOptional } from '../../contenders/import-optional.js'
import { clocked, type Way } from '../classifier.js'

interface ImageClassification {
  (image: string, options: { readonly top_k: number }): Promise<readonly { readonly label: string; readonly score: number }[]>
  readonly model: {
    readonly sessions: Readonly<Record<string, { readonly inputNames: readonly string[] }>>
    forward(inputs: Readonly<Record<string, object>>): Promise<object>
  }
}

/** The part of transformers.js that this way uses. */
interface Transformers {
  readonly env: { readonly version: string; allowRemoteModels: boolean; localModelPath: string }
  pipeline(task: 'image-classification', model: string, options: object): Promise<ImageClassification>
}

/** The pipeline passes the picture under the input name of Hugging Face's exporter; this project's file has another name. */
function renameInput({ model }: ImageClassification): void {
  const [inputName = ''] = Object.values(model.sessions)[0]?.inputNames ?? []
  const { forward } = model
  model.forward = ({ pixel_values }) => forward.call(model, { [inputName]: pixel_values! })
}

/** The `pipeline` of transformers.js on a folder. The labels are the numbers of the outputs. */
export const transformersPipeline: Way = {
  async open({ transformers: folder }) {
    const { env, pipeline } = await importOptional<Transformers>('@huggingface/transformers')
    env.allowRemoteModels = false
    env.localModelPath = dirname(folder)
    const classify = await pipeline('image-classification', basename(folder), {
      dtype: 'fp32',
      device: 'cpu',
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    })
    renameInput(classify)
    return clocked(`native cpu, transformers.js ${env.version}`, async (photo) => {
      const [best] = await classify(photo, { top_k: 1 })
      return Number(best?.label)
    })
  },
}
