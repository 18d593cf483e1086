import type { StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Hdf5Object } from '../hdf5/read.js'
import { refuseHubLayer } from './hub.js'

/** An array of an HDF5 file as a tensor of this name. */
export function hdf5Tensor(name: string, { path, dataset, texts }: Hdf5Object): StoredTensor {
  if (dataset === null) throw new CheckpointError('A group stands where an array should.', { tensor: path })
  const { shape, datatype } = dataset
  // Keras stores bfloat16 as plain bytes, with the type in an attribute.
  const halves = datatype.kind === 'other' && datatype.size === 2 && texts('dtype')?.[0] === 'bfloat16'
  if (datatype.kind !== 'number' && !halves) {
    throw new CheckpointError('A tensor has a type that parameters are not stored in.', {
      tensor: name,
      expected: 'little-endian numbers',
      got: datatype.kind === 'other' ? datatype.name : 'text',
    })
  }
  return { name, shape, dtype: datatype.kind === 'number' ? datatype.dtype : 'bfloat16', bytes: dataset.read(), quantization: null }
}

/** Collects tensors by name. */
export function tensorMap(tensors: Iterable<StoredTensor>): ReadonlyMap<string, StoredTensor> {
  const found = new Map<string, StoredTensor>()
  for (const tensor of tensors) {
    if (found.has(tensor.name)) throw new CheckpointError('Two tensors of the file have the same name.', { tensor: tensor.name })
    found.set(tensor.name, tensor)
  }
  return found
}

/**
 * The name of a tensor, `<layer>/<variable>`, for the path of a variable. Keras 2 adds `:0`, calls a depthwise kernel `depthwise_kernel`,
 * and numbers the scope of a layer (`Conv1_1/kernel:0` in the group `Conv1`) if the session already had the name.
 */
export function kerasTensorName(path: string): string {
  const parts = path.replace(/:\d+$/, '').split('/')
  const variable = parts.at(-1)!.replace(/^depthwise_kernel$/, 'kernel')
  const [group, scope] = [parts[0], parts.at(-2)]
  if (scope === undefined) return variable
  const numbered = group !== scope && scope.startsWith(`${group}_`) && /^\d+$/.test(scope.slice(group!.length + 1))
  return `${numbered ? group : scope}/${variable}`
}

/** The names of the variables of each class of layers, in the order of their numbers in Keras's own formats (`vars/0`). */
const variables: readonly (readonly [className: RegExp, names: readonly string[]])[] = [
  [/^batch_normalization(_\d+)?$/, ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  [/^(conv2d|depthwise_conv2d|dense)(_\d+)?$/, ['kernel', 'bias']],
  [/^normalization(_\d+)?$/, ['mean', 'variance', 'count']],
]

/** The variables of a BatchNorm whose configuration is not known: all four, or only its statistics. */
function batchNormNames(group: string, byPath: ReadonlyMap<string, Hdf5Object>): readonly string[] {
  const [all] = variables[0]!.slice(1) as [readonly string[]]
  if (byPath.has(`${group}/3`)) return all
  if (!byPath.has(`${group}/2`)) return all.slice(2)
  throw new CheckpointError('A BatchNorm has three of its four variables, and the file does not say which.', {
    tensor: group,
    remedy: 'Give the whole model (.keras), whose configuration says it.',
  })
}

/**
 * The variables of a layer that is an attribute of a user's own model class. Its path does not show the class of the layer. Null for other
 * layers.
 */
function attributeNames(group: string, byPath: ReadonlyMap<string, Hdf5Object>): readonly string[] | null {
  const rank = byPath.get(`${group}/0`)?.dataset?.shape.length
  if (rank === 2 || rank === 4) return ['kernel', 'bias']
  return rank === 1 && byPath.has(`${group}/3`) && !byPath.has(`${group}/4`) ? batchNormNames(group, byPath) : null
}

/** The same objects under the paths of Keras 3. Keras 2.12 stores a model's layers in `_layer_checkpoint_dependencies`. */
export function renameContainers(objects: readonly Hdf5Object[]): readonly Hdf5Object[] {
  return objects.map((object) => ({ ...object, path: object.path.replaceAll('_layer_checkpoint_dependencies', 'layers') }))
}

/** Tensors by their short names. If two have the same short name, both get the longer one, which has the name of their group. */
export function uniquelyNamed(
  named: readonly { readonly short: string; readonly long: string; readonly object: Hdf5Object }[],
): ReadonlyMap<string, StoredTensor> {
  const counts = new Map<string, number>()
  for (const { short } of named) counts.set(short, (counts.get(short) ?? 0) + 1)
  return tensorMap(named.map(({ short, long, object }) => hdf5Tensor(counts.get(short) === 1 ? short : long, object)))
}

/**
 * The tensors of a file in the form of Keras 3: `layers/conv2d_3/vars/0` is the first variable of the fourth Conv2D. A layer has
 * the name that the file states, else the one in `groups`, else the name of its group.
 * @param stated the names of the variables of layers whose configuration is known, by group
 * @throws CheckpointError if a layer has variables and is of a kind that MobileNetV2 does not have, or if the variables of a BatchNorm are
 * not known
 */
export function readVariables(
  objects: readonly Hdf5Object[],
  groups: ReadonlyMap<string, string>,
  stated: ReadonlyMap<string, readonly string[]> = new Map(),
): ReadonlyMap<string, StoredTensor> {
  const byPath = new Map(objects.map((object) => [object.path, object]))
  const named: { short: string; long: string; object: Hdf5Object }[] = []
  for (const object of objects) {
    const [, stored, index] = /^(?!optimizer\/)(.*[^/])\/vars\/(\d+)$/.exec(object.path) ?? []
    if (object.dataset === null || stored === undefined) continue
    const key = stored.slice(stored.lastIndexOf('/') + 1)
    const parent = object.path.slice(0, object.path.lastIndexOf('/'))
    const isAttribute = !/(^|\/)layers\/[^/]+$/.test(stored)
    const attribute = isAttribute ? attributeNames(parent, byPath) : null
    if (isAttribute && attribute === null) continue
    const known = variables.find(([className]) => className.test(key))?.[1]
    const names =
      attribute ?? stated.get(stored) ?? (key.startsWith('batch_normalization') ? batchNormNames(parent, byPath) : known)
    const variable = names?.[Number(index)]
    const layer = byPath.get(parent)?.texts('name')?.[0] ?? groups.get(stored) ?? key
    if (variable === undefined && /^keras_layer(_\d+)?$/.test(key)) refuseHubLayer()
    if (variable === undefined) {
      throw new CheckpointError('The Keras model has a layer with variables that no MobileNetV2 has.', {
        tensor: object.path,
        expected: 'Conv2D, DepthwiseConv2D, BatchNormalization or Dense',
        got: `${key}, variable ${index}`,
      })
    }
    const group = stored.slice(0, -key.length).replaceAll('layers/', '')
    named.push({ short: `${layer}/${variable}`, long: `${group}${layer}/${variable}`, object })
  }
  return uniquelyNamed(named)
}
