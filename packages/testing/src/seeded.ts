import {
  type Architecture,
  type HeadActivation,
  inputLength,
  isWeighted,
  kernelLength,
  type LayerId,
  type LayerParameters,
  type Parameters,
} from '@mobilenetv2/spec'

/** An odd constant near 2^32 / golden ratio: multiples of it, modulo 2^32, are far apart for consecutive indices. */
const indexStep = 0x9e3779b1

/** Mixes the 32 bits of an integer (the finaliser of MurmurHash3). */
function finalise(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** 32-bit FNV-1a of a name's UTF-8 bytes, with the seed mixed in. */
function hashName(name: string, seed: number): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193)
  return finalise((hash ^ Math.imul(seed, indexStep)) | 0)
}

/**
 * `length` float32 values, uniform from `low` to `high`, that depend only on the arguments. `python/seeded.py` computes the same bits.
 * Value i is low + (high - low) * u in float64, rounded to float32. Here u is the top 24 bits of a hash of name, seed and i, over 2^24.
 * @param seed an integer; its low 32 bits count
 */
export function seededValues(name: string, length: number, low: number, high: number, seed = 0): Float32Array {
  const hash = hashName(name, seed)
  const values = new Float32Array(length)
  for (let index = 0; index < length; index++) {
    const u = (finalise((hash + Math.imul(index, indexStep)) | 0) >>> 8) / 2 ** 24
    values[index] = low + (high - low) * u
  }
  return values
}

/** The bound of a uniform distribution that keeps the variance the same from layer to layer: a ReLU halves it, a linear layer does not. */
export function kernelBound(fanIn: number, activation: HeadActivation): number {
  return Math.sqrt((activation === 'linear' ? 3 : 6) / fanIn)
}

/**
 * Seeded parameters of a whole network, with which activations neither vanish nor explode. A layer's kernel has the values named
 * `<id>.kernel`, uniform within sqrt(6 / fan-in) of zero before an activation and sqrt(3 / fan-in) in linear layers. Its bias has the
 * values named `<id>.bias`, uniform from -0.1 to 0.3. Layouts are those of `Parameters`.
 */
export function seededParameters(architecture: Architecture, seed = 0): Parameters {
  const parameters = new Map<LayerId, LayerParameters>()
  for (const layer of architecture.layers) {
    if (!isWeighted(layer)) continue
    const length = kernelLength(layer)
    const bound = kernelBound(length / layer.biasLength, layer.activation)
    parameters.set(layer.id, {
      kernel: seededValues(`${layer.id}.kernel`, length, -bound, bound, seed),
      bias: seededValues(`${layer.id}.bias`, layer.biasLength, -0.1, 0.3, seed),
    })
  }
  return parameters
}

/** The squares that `seededLevels` adds up: the pixels of a side, and the bound that the levels of their colours stay below. */
const squares: readonly (readonly [pixels: number, bound: number])[] = [
  [32, 150],
  [8, 60],
  [1, 45],
]

/**
 * Seeded pictures `[batch, size, size, 3]`, with integer levels from 0 to 254: large coloured squares, small ones on them, and noise. They
 * differ from each other as much as photos do.
 */
export function seededLevels(batch: number, size: number, seed = 0): Float32Array {
  const layers = squares.map(([pixels, bound]) => {
    const side = Math.ceil(size / pixels)
    return { pixels, side, values: seededValues(`levels.${pixels}`, batch * side * side * 3, 0, bound, seed) }
  })
  return Float32Array.from({ length: batch * size * size * 3 }, (_, index) => {
    const [channel, x, row] = [index % 3, Math.floor(index / 3) % size, Math.floor(index / (3 * size))]
    const [picture, y] = [Math.floor(row / size), row % size]
    let level = 0
    for (const { pixels, side, values } of layers) {
      level += values[((picture * side + Math.floor(y / pixels)) * side + Math.floor(x / pixels)) * 3 + channel]!
    }
    return Math.floor(level)
  })
}

/** A seeded input `[batch, height, width, 3]` named `input`, uniform from -1 to 1. */
export function seededInput(architecture: Architecture, batch = 1, seed = 0): Float32Array {
  return seededValues('input', batch * inputLength(architecture), -1, 1, seed)
}
