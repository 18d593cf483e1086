import { kernelBound, seededValues } from './seeded.js'

/** One tensor of a PyTorch state dict, its values row-major. */
export interface SeededTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A list of positive numbers multiplied. */
function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1)
}

/** Lowest and highest value of a tensor, by what its name and shape say that it is. */
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
 * Seeded values for the tensors of a MobileNet's PyTorch state dict, by name, under which its logits are alive and folding
 * BatchNorm is exercised; the same that `seeded_state_dict_tensor` of `python/seeded.py` computes.
 *
 * Kernels (convolution `[outputs, inputs / groups, height, width]`, linear `[outputs, inputs]`) are uniform within
 * sqrt(6 / fan-in) of zero, or sqrt(3 / fan-in) in linear layers and where a convolution has fewer outputs than inputs (a
 * projection); BatchNorm has weight 0.8 to 1.2, running_mean ±0.2, running_var 0.5 to 1.5; every bias is -0.2 to 0.5.
 * @param shapes the tensors' names and shapes, without `num_batches_tracked`, as the goldens list them
 */
export function seededStateDict(shapes: Readonly<Record<string, readonly number[]>>, seed = 0): readonly SeededTensor[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const [low, high] = range(name, shape)
    return { name, shape, values: seededValues(name, product(shape), low, high, seed) }
  })
}
