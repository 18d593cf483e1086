import { type Checkpoint, type StoredTensor, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from '../formats/budget.js'
import { storedNumbers } from '../values.js'

/** The names of the parts of a parameter that PyTorch computes before each use. */
const partName =
  /^(?:(.*)\.)?(?:(weight|bias)_(g|v|orig|mask|u)|parametrizations\.(weight|bias)\.(original|original0|original1|\d+\._[uv]|\d+\.\w+))$/

/** A name that a part has, but no plain parameter. */
const parted = /(^|\.)(parametrizations\.|(weight|bias)_(g|orig)$)/

/** The parts of one parameter by their meaning: `length` and `direction` of weight_norm, and so on. */
type Parts = Map<string, StoredTensor>

/** The meaning of each part, by its names in the older and the newer API of PyTorch. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['g', 'length'],
  ['v', 'direction'],
  ['original0', 'length'],
  ['original1', 'direction'],
  ['orig', 'original'],
  ['original', 'original'],
  ['mask', 'mask'],
  ['u', 'left'],
  ['0._u', 'left'],
  ['0._v', 'right'],
])

function refuse(name: string, got: string): never {
  throw new CheckpointError('A parameter is stored in parts that are not read.', {
    tensor: name,
    expected: 'a plain parameter, or the parts of weight_norm, spectral_norm or pruning',
    got: got,
    remedy:
      'Remove the parametrization before saving: remove_parametrizations, remove_weight_norm, remove_spectral_norm or prune.remove.',
  })
}

/** The numbers of a part, whose count is checked. A mask may have any type. */
function numbers(tensor: StoredTensor): ArrayLike<number> {
  return tensor.dtype === 'bool' ? tensor.bytes : storedNumbers(tensor)
}

/** Computes a parameter from its parts. */
type Compute = () => Float32Array

/** weight_norm: the direction, scaled to the given length over all axes along which the length has one value. */
function withLength(length: StoredTensor, direction: StoredTensor): Compute {
  const axis = length.shape.findIndex((extent) => extent > 1)
  const channels = valueCount(length.shape)
  const fits = axis < 0 ? channels === 1 : channels === direction.shape[axis] && length.shape[axis] === channels
  if (!fits) refuse(length.name, `lengths [${length.shape.join(', ')}] of [${direction.shape.join(', ')}]`)
  const inner = valueCount(axis < 0 ? direction.shape : direction.shape.slice(axis + 1))
  const channelOf = (at: number): number => Math.floor(at / inner) % channels
  return () => {
    const [lengths, values] = [numbers(length), numbers(direction)]
    const squares = new Float64Array(channels)
    for (let at = 0; at < values.length; at++) squares[channelOf(at)]! += values[at]! ** 2
    return Float32Array.from(values, (value, at) => {
      const channel = channelOf(at)
      return (value * lengths[channel]!) / Math.sqrt(squares[channel]!)
    })
  }
}

/** spectral_norm: the kernel, as a matrix of output channels by everything else, divided by its largest singular value. */
function withoutScale(original: StoredTensor, left: StoredTensor, right: StoredTensor): Compute {
  const [rows, columns] = [valueCount(left.shape), valueCount(right.shape)]
  if (rows !== original.shape[0] || rows * columns !== valueCount(original.shape)) {
    refuse(original.name, `singular vectors of ${rows} and ${columns} values`)
  }
  return () => {
    const [values, us, vs] = [numbers(original), numbers(left), numbers(right)]
    let sigma = 0
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) sigma += us[row]! * values[row * columns + column]! * vs[column]!
    }
    return Float32Array.from(values, (value) => value / sigma)
  }
}

/** Pruning: the values times the mask. */
function masked(original: StoredTensor, mask: StoredTensor): Compute {
  const count = valueCount(mask.shape)
  if (count !== valueCount(original.shape)) refuse(mask.name, `a mask of ${count} values`)
  return () => {
    const kept = numbers(mask)
    return Float32Array.from(numbers(original), (value, at) => value * kept[at]!)
  }
}

/** How a parameter is computed from its parts. */
function assembled(name: string, parts: Parts): Compute {
  const [length, direction, original, mask, left, right] = ['length', 'direction', 'original', 'mask', 'left', 'right'].map(
    (part) => parts.get(part),
  )
  if (parts.size === 2 && length && direction) return withLength(length, direction)
  if (parts.size === 2 && original && mask) return masked(original, mask)
  // The older spectral_norm gives the right singular vector the name that weight_norm gives its direction.
  const vector = right ?? direction
  if (parts.size === 3 && original && left && vector) return withoutScale(original, left, vector)
  return refuse(name, [...parts.keys()].join(', '))
}

/**
 * A parameter that is computed when its values are first used. The budget is spent then, because tensors may share the bytes of a
 * small file.
 */
function computedTensor(name: string, shape: readonly number[], compute: Compute, budget: Budget): StoredTensor {
  let bytes: Uint8Array | null = null
  return {
    name,
    shape,
    dtype: 'float32',
    quantization: null,
    get bytes() {
      if (bytes === null) {
        budget.take(4 * valueCount(shape), name)
        bytes = new Uint8Array(compute().buffer)
      }
      return bytes
    },
  }
}

/**
 * A checkpoint whose parameters are all plain. Parameters that PyTorch's weight_norm, spectral_norm and pruning store in parts are computed
 * when they are used. If there are none, it is the checkpoint itself.
 * @throws CheckpointError if a parameter is stored in parts of another kind
 */
export function withPlainKernels(checkpoint: Checkpoint, budget: Budget): Checkpoint {
  if (![...checkpoint.tensors.keys()].some((name) => parted.test(name))) return checkpoint
  const found = new Map<string, Parts>()
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of checkpoint.tensors) {
    const [, path, older, olderPart, newer, newerPart] = partName.exec(name) ?? []
    const parameter = older ?? newer
    const part = olderPart ?? newerPart
    if (parameter === undefined || part === undefined) {
      tensors.set(name, tensor)
      continue
    }
    const whole = path === undefined ? parameter : `${path}.${parameter}`
    const parts: Parts = found.get(whole) ?? new Map()
    found.set(whole, parts.set(meanings.get(part) ?? part, tensor))
    // The parameter takes the place of its first part among the tensors.
    if (!tensors.has(whole)) tensors.set(whole, tensor)
  }
  if (found.size === 0) return checkpoint
  for (const [name, parts] of found) {
    if (checkpoint.tensors.has(name)) {
      tensors.set(name, checkpoint.tensors.get(name)!)
      continue
    }
    const { shape } = parts.get('original') ?? parts.get('direction') ?? refuse(name, [...parts.keys()].join(', '))
    tensors.set(name, computedTensor(name, shape, assembled(name, parts), budget))
  }
  return { ...checkpoint, tensors }
}
