import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { loadGraphModel } from '@tensorflow/tfjs-converter'
import type { cast, div, expandDims, image, sub, Tensor, Tensor3D, Tensor4D, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { importTfjsNode } from '../../contenders/import-tfjs-node.js'
import { clocked, indexOfLargest, type Way } from '../classifier.js'

/** The part of tfjs-node that this way uses. */
interface TfjsNode {
  readonly node: { decodeImage(bytes: Uint8Array, channels: number): Tensor3D | Tensor4D }
  readonly version: Readonly<Record<string, string>>
  readonly image: typeof image
  readonly cast: typeof cast
  readonly div: typeof div
  readonly sub: typeof sub
  readonly expandDims: typeof expandDims
  readonly tensor1d: typeof tensor1d
  readonly tidy: typeof tidy
  readonly loadGraphModel: typeof loadGraphModel
}

/** The way of nsfwjs on a server: tfjs-node decodes the photo, resizes it with aligned corners, and predicts. */
export const tfjsNode: Way = {
  async open({ tfjs, height, width, mean, deviation }) {
    const tf = await importTfjsNode<TfjsNode>()
    const model = await tf.loadGraphModel(pathToFileURL(tfjs).href)
    const [means, deviations] = [tf.tensor1d([...mean]), tf.tensor1d([...deviation])]
    return clocked(`native cpu, tfjs-node ${tf.version['tfjs-node'] ?? tf.version['tfjs-core']}`, async (photo) => {
      const bytes = await readFile(photo)
      const logits = tf.tidy(() => {
        const levels = tf.node.decodeImage(bytes, 3) as Tensor3D
        const values = tf.div<Tensor3D>(tf.cast(levels, 'float32'), 255)
        const picture = tf.image.resizeBilinear(values, [height, width], true)
        const normalised = tf.div<Tensor3D>(tf.sub<Tensor3D>(picture, means), deviations)
        return model.predict(tf.expandDims(normalised)) as Tensor
      })
      const index = indexOfLargest(await logits.data<'float32'>())
      logits.dispose()
      return index
    })
  },
}
