import type { Pause } from '@mobilenetv2/runtime'
import { factorizePivoted, solveUpper } from './cholesky.js'
import { type FeatureSet, normOf } from './feature-set.js'
import { gramOf } from './gram.js'
import type { Layer } from './layer.js'
import { multiplyTransposed, type Rows } from './rows.js'

/** The rows that layers are trained on: the features of all pictures, or coordinates with the same products. */
export interface Space {
  /** The rows, scaled to norm 1. A row of zeros stays zeros. */
  readonly unit: Rows
  /** The rows with the norms of the features. */
  readonly rows: Rows
  /** The norm of each picture's features. */
  readonly norms: Float64Array
  /** Turns a layer for `rows` into the layer that gives the same logits for features. */
  widen(layer: Layer): Promise<Layer>
}

/** The indices of all pictures. */
export function everyPicture(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, picture) => picture)
}

/** The features as they are. */
export function plainRows({ features, labels, length }: FeatureSet): Rows {
  return { width: length, values: features, scale: new Float64Array(labels.length).fill(1) }
}

/**
 * The Euclidean norms of the features of all pictures.
 * @throws MobileNetV2Error `INPUT` if a feature is not a finite number
 */
export async function normsOf(examples: FeatureSet, name: string, pause: Pause): Promise<Float64Array> {
  const norms = new Float64Array(examples.labels.length)
  for (let picture = 0; picture < norms.length; picture++) {
    norms[picture] = normOf(examples, picture, name)
    await pause()
  }
  return norms
}

/** The space whose rows are the features. */
export function featureSpace(examples: FeatureSet, norms: Float64Array): Space {
  const rows = plainRows(examples)
  return {
    unit: { ...rows, scale: norms.map((norm) => (norm > 0 ? 1 / norm : 0)) },
    rows,
    norms,
    widen: async (layer) => layer,
  }
}

/**
 * The space whose rows are coordinates in the space that the features span. A row has at most as many numbers as there are pictures, which
 * are fewer than features. The products of rows stay the same, and with them the layer that is best.
 */
export async function spannedSpace(examples: FeatureSet, norms: Float64Array, pause: Pause): Promise<Space> {
  const { unit } = featureSpace(examples, norms)
  const { coordinates, pivots } = await factorizePivoted(await gramOf(unit, everyPicture(norms.length), pause), pause)
  const width = pivots.length
  const values = new Float32Array(norms.length * width)
  for (const [picture, row] of coordinates.entries()) values.set(row.subarray(0, width), picture * width)
  return {
    unit: { width, values, scale: new Float64Array(norms.length).fill(1) },
    rows: { width, values, scale: norms },
    norms,
    async widen({ kernel, bias }) {
      // The kernel of a class is a combination of the pictures' features, and so of the pivots' features alone.
      const shares = Float64Array.from(
        { length: width * kernel.length },
        (_, at) => kernel[at % kernel.length]![Math.floor(at / kernel.length)]!,
      )
      const factor = pivots.map((picture) => coordinates[picture]!)
      for (let column = 0; column < kernel.length; column++) solveUpper(factor, shares, kernel.length, column)
      const wide = kernel.map(() => new Float64Array(examples.length))
      await multiplyTransposed(unit, Uint32Array.from(pivots), shares, wide, pause)
      return { kernel: wide, bias }
    },
  }
}
