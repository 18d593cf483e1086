import { type Backend, MobileNetV2Error, truncateAt } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'

/** Where values that are not finite come from, the first of them, and what helps. */
interface Origin {
  readonly where: string
  readonly got: string
  readonly remedy: string
}

/** The first value that is not finite; undefined if all are. */
function firstOf(values: Float32Array): number | undefined {
  return values.find((value) => !Number.isFinite(value))
}

/**
 * The first layer whose output is not finite. Each layer is tried in turn, by compiling the network up to it. A binary search would not do:
 * an activation such as ReLU6 makes infinity finite again, so a layer may be finite behind one that is not.
 */
async function findLayer(
  backend: Backend,
  { architecture, parameters, integers }: Network,
  pixels: Float32Array,
  throwIfEnded: () => void,
): Promise<Origin> {
  for (const { id } of architecture.layers) {
    throwIfEnded()
    const compiled = await backend.compile(truncateAt(architecture, id), parameters, integers)
    try {
      const value = firstOf((await compiled.run(pixels)).logits)
      if (value === undefined) continue
      return {
        where: `layer ${id}, the first whose output is not finite`,
        got: String(value),
        remedy: 'Check that the file of the weights is not damaged. With precision float16, use float32, which has larger numbers.',
      }
    } finally {
      compiled.dispose()
    }
  }
  return {
    where: `backend ${backend.name}`,
    got: 'finite outputs of each layer, if the network is compiled up to it, but not of the whole network',
    remedy: 'Use another backend.',
  }
}

/**
 * Explains outputs that are not finite. If the input is finite, the weights are the cause, so the layer is searched for only once, with the
 * first picture.
 * @param throwIfEnded throws if the search is to end
 * @returns a function that gives the error for an input `[height, width, 3]`
 */
export function openNotFinite(
  backend: Backend,
  network: Network,
  throwIfEnded: () => void,
): (pixels: Float32Array) => Promise<MobileNetV2Error> {
  let layer: Promise<Origin> | null = null
  const originOf = async (pixels: Float32Array): Promise<Origin> => {
    const value = firstOf(pixels)
    if (value !== undefined) {
      const remedy = 'Check the pixels, and the mean and deviation of the preprocessing.'
      return { where: 'the input, after preprocessing', got: String(value), remedy }
    }
    layer ??= findLayer(backend, network, pixels, throwIfEnded).catch((error: unknown) => {
      // The failure may be temporary, so the next picture searches again.
      layer = null
      throw error
    })
    return layer
  }
  return async (pixels) =>
    new MobileNetV2Error('PARAMETERS', 'The network gives values that are not finite numbers, so there is no answer.', {
      expected: 'finite numbers',
      ...(await originOf(pixels)),
    })
}
