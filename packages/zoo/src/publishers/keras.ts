import type { ZooEntry } from '../entry.js'
import { centralFraction } from './geometries.js'
import { type SlimName, slimNetworks } from './slim-accuracy.js'

export type KerasId = `keras-${SlimName}`

/** The weights of `keras.applications.MobileNetV2`, which are those of TF-slim without the background class. */
export const kerasEntries: readonly ZooEntry[] = slimNetworks.map(({ name, alpha, size, top1, top5 }) => {
  const file = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${alpha}_${size}.h5`
  return {
    id: `keras-${name}`,
    publisher: 'Keras',
    location: {
      kind: 'file',
      name: file,
      urls: [`https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/${file}`],
      bytes: null,
      sha256: null,
    },
    licence: 'Apache-2.0',
    options: { widthMultiplier: Number(alpha), height: size, width: size, padding: 'same' },
    naming: 'keras',
    weights: 'float32',
    labels: 'imagenet',
    preprocessing: centralFraction,
    published: { top1, top5 },
    measured: null,
  }
})
