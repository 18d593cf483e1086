import { type CompiledModel, checkOptionNames, type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkDataset, type Dataset, readPictures } from '../training/dataset.js'

/** What a backbone makes of the pictures of a dataset, computed once and kept. */
export interface FeatureSet {
  /** In the order of the logits. */
  readonly classNames: readonly string[]
  /** The class of each picture, an index of `classNames`. */
  readonly labels: readonly number[]
  /** Numbers a picture. */
  readonly length: number
  /** `[pictures, length]` */
  readonly features: Float32Array
}

/** What `computeFeatures` takes beside its data. */
export interface ComputeFeaturesOptions {
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
  /** Ends the work with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/**
 * Runs a frozen backbone, on any backend, over a dataset.
 * @param backbone a compiled model; its `features` are what heads and neighbours learn from
 * @throws MobileNetV2Error `INPUT` if a class has no picture, or a picture does not fit the backbone; `OPTION` if an option is unknown
 */
export async function computeFeatures(
  backbone: CompiledModel,
  dataset: Dataset,
  options: ComputeFeaturesOptions = {},
): Promise<FeatureSet> {
  checkOptionNames(options, ['onProgress', 'signal'])
  const { onProgress, signal } = options
  checkDataset(dataset)
  const { classNames, labels } = dataset
  const length = backbone.architecture.layers.at(-1)!.input.channels
  const features = new Float32Array(labels.length * length)
  for (let index = 0; index < labels.length; index++) {
    const pixels = await readPictures(backbone.architecture, dataset, [index])
    const result = await backbone.run(pixels, { outputs: ['features'], ...(signal && { signal }) })
    features.set(result.features, index * length)
    onProgress?.({ done: index + 1, total: labels.length })
  }
  return { classNames, labels, length, features }
}

/** @throws MobileNetV2Error `INPUT` if labels and features do not fit each other, or a feature is no finite number */
export function checkFeatures(examples: FeatureSet): void {
  checkDataset(examples)
  const { features, labels, length } = examples
  if (features.length !== labels.length * length) {
    throw new MobileNetV2Error('INPUT', 'The features do not fit the labels.', {
      expected: `${labels.length} x ${length} values`,
      got: `${features.length} values`,
    })
  }
  const bad = features.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  throw new MobileNetV2Error('INPUT', 'A feature is not a finite number.', {
    where: `picture ${Math.floor(bad / length)}, feature ${bad % length}`,
    got: String(features[bad]),
  })
}
