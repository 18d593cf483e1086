import { type Architecture, type Layer, type LayerId, type OutputName, outputLayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import type { DeviceParameters } from './device-parameters.js'
import { runLayer } from './run-layer.js'

/** The last layer that reads each output; the key `null` stands for the network's input. */
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
 * Runs a network layer by layer. Between two layers the caller may pause, look at the newest output, or stop. An output is disposed of as
 * soon as no later layer reads it; the input is never disposed of. The caller owns the tensors that are returned. If the caller stops
 * early, all tensors are disposed of.
 */
export function* walk<Output extends OutputName>(
  architecture: Architecture,
  parameters: DeviceParameters,
  input: tf.Tensor4D,
  outputs: readonly Output[],
): Generator<{ layer: Layer; output: tf.Tensor }, Record<Output, tf.Tensor>, void> {
  const ids = new Map(outputs.map((name) => [name, outputLayerId(architecture, name)]))
  const wanted = new Set(ids.values())
  const layers = architecture.layers.slice(0, architecture.layers.findLastIndex(({ id }) => wanted.has(id)) + 1)
  const readers = lastReaders(layers)
  const live = new Map<LayerId, tf.Tensor>()
  try {
    let before: tf.Tensor = input
    for (const layer of layers) {
      const output = runLayer(layer, parameters, before, layer.residual === null ? null : live.get(layer.residual)!)
      live.set(layer.id, output)
      for (const [id, tensor] of live) {
        if (readers.get(id) !== layer.id || wanted.has(id)) continue
        tensor.dispose()
        live.delete(id)
      }
      yield { layer, output }
      before = output
    }
    // Clones, so that two names of the same layer have separate tensors.
    return Object.fromEntries([...ids].map(([name, id]) => [name, tf.clone(live.get(id)!)])) as Record<Output, tf.Tensor>
  } finally {
    for (const tensor of live.values()) tensor.dispose()
  }
}
