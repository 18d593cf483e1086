import { type Architecture, type Layer, type LayerId, type OutputName, outputLayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import type { DeviceParameters } from './device-parameters.js'
import { runLayer } from './run-layer.js'

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
    // Each a tensor of its own, also where two names stand for one layer.
    return Object.fromEntries([...ids].map(([name, id]) => [name, tf.clone(live.get(id)!)])) as Record<Output, tf.Tensor>
  } finally {
    for (const tensor of live.values()) tensor.dispose()
  }
}
