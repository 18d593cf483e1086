import { isWeighted, type Layer, type LayerId, type LayerParameters, type WeightedLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { tensorShape } from '../device-parameters.js'
import type { TensorName } from './network.js'
import { biasedNames, isNormalized, normalizedNames, type UnfoldedLayerParameters, type UnfoldedParameters } from './unfolded.js'

/** Tensors that are replaced as the training goes on. */
export type State = Map<TensorName, tf.Tensor>

function shapeOf(layer: WeightedLayer, name: string): number[] {
  return name === 'kernel' ? tensorShape(layer) : [layer.biasLength]
}

function weightedById(layers: readonly Layer[]): ReadonlyMap<LayerId, WeightedLayer> {
  return new Map(layers.filter(isWeighted).map((layer) => [layer.id, layer]))
}

/** One array as a kept tensor; copied, as some backends keep the array that they are given. */
function upload(layer: WeightedLayer, name: string, values: Float32Array): tf.Tensor {
  return tf.keep(tf.tensor(values.slice(), shapeOf(layer, name)))
}

/** The parameters of these layers as tensors. */
export function uploadLayers(layers: readonly Layer[], parameters: UnfoldedParameters): State {
  const state: State = new Map()
  for (const layer of weightedById(layers).values()) {
    const arrays = Object.entries(parameters.get(layer.id)!) as [string, Float32Array][]
    for (const [name, values] of arrays) state.set(`${layer.id}.${name}` as TensorName, upload(layer, name, values))
  }
  return state
}

/** Arrays by the names of tensors, such as an optimizer's velocities, as tensors. */
export function uploadNamed(layers: readonly Layer[], arrays: ReadonlyMap<TensorName, Float32Array>): State {
  const byId = weightedById(layers)
  return new Map(
    [...arrays].map(([name, values]) => {
      const dot = name.lastIndexOf('.')
      const layer = byId.get(name.slice(0, dot) as LayerId)!
      return [name, upload(layer, name.slice(dot + 1), values)]
    }),
  )
}

/** The tensors' values. */
export async function download(state: State): Promise<ReadonlyMap<TensorName, Float32Array>> {
  const arrays = new Map<TensorName, Float32Array>()
  for (const [name, tensor] of state) arrays.set(name, (await tensor.data<'float32'>()).slice())
  return arrays
}

/** `parameters`, with the arrays that are named in place of their own. */
export function replaceArrays(parameters: UnfoldedParameters, arrays: ReadonlyMap<TensorName, Float32Array>): UnfoldedParameters {
  const replaced = new Map<LayerId, LayerParameters | UnfoldedLayerParameters>()
  for (const [id, layer] of parameters) {
    const names: readonly string[] = isNormalized(layer) ? normalizedNames : biasedNames
    const own = layer as unknown as Readonly<Record<string, Float32Array>>
    const entries = names.map((name) => [name, arrays.get(`${id}.${name}` as TensorName) ?? own[name]!])
    replaced.set(id, Object.fromEntries(entries) as LayerParameters | UnfoldedLayerParameters)
  }
  return replaced
}

/** Puts kept tensors in the place of those of the same name, which are disposed of. */
export function replaceTensors(state: State, tensors: Iterable<readonly [TensorName, tf.Tensor]>): void {
  for (const [name, tensor] of tensors) {
    state.get(name)?.dispose()
    state.set(name, tf.keep(tensor))
  }
}

export function disposeState(state: State): void {
  for (const tensor of state.values()) tensor.dispose()
  state.clear()
}
