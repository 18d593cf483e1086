import type { Pause } from '@mobilenetv2/runtime'
import { factorizePivoted, solveUpper } from './cholesky.js'
import { type FeatureSet, normOf } from './feature-set.js'
import { gramOf } from './gram.js'
import type { Layer } from './layer.js'
import { multiplyTransposed, type Rows } from './rows.js'

/** Pictures as rows that a layer is trained on. */
export interface Space {
  /** Each of length 1, or zeros. */
  readonly unit: Rows
  /** As long as the features of the picture are. */
  readonly rows: Rows
  /** The lengths of the pictures' features. */
  readonly norms: Float64Array
  /** The layer that does on features what one does on `rows`. */
  widen(layer: Layer): Promise<Layer>
}

/** All pictures. */
export function everyPicture(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, picture) => picture)
}

/** Features as they are. */
export function plainRows({ features, labels, length }: FeatureSet): Rows {
  return { width: length, values: features, scale: new Float64Array(labels.length).fill(1) }
}

/**
 * The lengths of all pictures' features as vectors.
 * @throws MobileNetV2Error `INPUT` if a feature is no finite number
 */
export async function normsOf(examples: FeatureSet, name: string, pause: Pause): Promise<Float64Array> {
  const norms = new Float64Array(examples.labels.length)
  for (let picture = 0; picture < norms.length; picture++) {
    norms[picture] = normOf(examples, picture, name)
    await pause()
  }
  return norms
}

/** Rows of features. */
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
 * The same pictures in coordinates of the space that they span: as many numbers a picture as there are pictures, at most. Products of
 * rows, and with them the layer that is best, stay the same.
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
      // A column of the kernel is a combination of pictures: of the pivots, as all others are combinations of these.
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
