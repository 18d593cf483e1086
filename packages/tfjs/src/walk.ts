import type { Architecture, Layer, LayerId, OutputName } from '@mobilenetv2/spec'
import type * as tf from '@tensorflow/tfjs-core'
import type { DeviceParameters } from './device-parameters.js'
import { runLayer } from './run-layer.js'

/** Which layer's output each result of a run is. */
const outputLayers: Readonly<Record<OutputName, LayerId>> = { logits: 'classifier', features: 'pool' }

/** The layers that a run for these outputs needs, in their order. */
function layersFor(architecture: Architecture, outputs: readonly OutputName[]): readonly Layer[] {
  const wanted = outputs.map((name) => outputLayers[name])
  const last = architecture.layers.findLastIndex(({ id }) => wanted.includes(id))
  return architecture.layers.slice(0, last + 1)
}

/** For each layer's output (and the network's input, `null`), the last layer that reads it. */
function lastReaders(layers: readonly Layer[]): ReadonlyMap<LayerId | null, LayerId> {
  const readers = new Map<LayerId | null, LayerId>()
  let before: LayerId | null = null
  for (const { id, residual } of layers) {
    readers.set(before, id)
    if (residual !== null) readers.set(residual, id)
    before = id
  }
  return readers
}

/**
 * Runs a network layer by layer; between two layers the caller may pause, look at the newest output, or stop. Outputs that no later
 * layer reads are disposed of on the way; the input never is. What is returned belongs to the caller; where the walk is not
 * finished, nothing is left.
 */
export function* walk<Output extends OutputName>(
  architecture: Architecture,
  parameters: DeviceParameters,
  input: tf.Tensor4D,
  outputs: readonly Output[],
): Generator<{ layer: Layer; output: tf.Tensor }, Record<Output, tf.Tensor2D>, void> {
  const layers = layersFor(architecture, outputs)
  const readers = lastReaders(layers)
  const kept = new Map(outputs.map((name) => [outputLayers[name], name]))
  const results: Partial<Record<Output, tf.Tensor2D>> = {}
  const live = new Map<LayerId, tf.Tensor>()
  let finished = false
  try {
    let before: tf.Tensor = input
    for (const layer of layers) {
      const residual = layer.residual === null ? null : live.get(layer.residual)!
      const output = runLayer(layer, parameters, before, residual)
      live.set(layer.id, output)
      for (const [id, tensor] of live) {
        if (readers.get(id) !== layer.id || kept.has(id)) continue
        tensor.dispose()
        live.delete(id)
      }
      const name = kept.get(layer.id)
      if (name !== undefined) results[name] = output as tf.Tensor2D
      yield { layer, output }
      before = output
    }
    finished = true
    return results as Record<Output, tf.Tensor2D>
  } finally {
    if (!finished) for (const tensor of live.values()) tensor.dispose()
  }
}
