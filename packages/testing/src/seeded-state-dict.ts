import { kernelBound, seededValues } from './seeded.js'

/** One tensor of a PyTorch state dict, with its values in row-major order. */
export interface SeededTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** The product of a list of positive numbers. */
function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1)
}

/** The lowest and the highest value of a tensor, which depend on its name and shape. */
function range(name: string, shape: readonly number[]): readonly [low: number, high: number] {
  if (name.endsWith('.running_mean')) return [-0.2, 0.2]
  if (name.endsWith('.running_var')) return [0.5, 1.5]
  if (name.endsWith('.bias')) return [-0.2, 0.5]
  const [outputs = 1, inputs = 1] = shape
  if (shape.length === 1) return [0.8, 1.2]
  const projects = shape.length === 2 || outputs < inputs
  const bound = kernelBound(product(shape) / outputs, projects ? 'linear' : 'relu6')
  return [-bound, bound]
}

/**
 * Seeded values for the tensors of a MobileNet's PyTorch state dict, by name. With them, the logits differ from each other, and no
 * BatchNorm is the identity. `seeded_state_dict_tensor` in `python/seeded.py` computes the same values.
 *
 * Kernels (convolution `[outputs, inputs / groups, height, width]`, linear `[outputs, inputs]`) are uniform within
 * sqrt(6 / fan-in) of zero; linear layers, and convolutions with fewer outputs than inputs (projections), within sqrt(3 / fan-in).
 * BatchNorm has weight 0.8 to 1.2, running_mean ±0.2, running_var 0.5 to 1.5. Every bias is -0.2 to 0.5.
 * @param shapes the tensors' names and shapes, without `num_batches_tracked`, as the goldens list them
 */
export function seededStateDict(shapes: Readonly<Record<string, readonly number[]>>, seed = 0): readonly SeededTensor[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const [low, high] = range(name, shape)
    return { name, shape, values: seededValues(name, product(shape), low, high, seed) }
  })
}
