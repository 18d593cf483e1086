import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

/** A picture as input of a network: `pixels` is float32 `[height, width, 3]`, normalised as the network expects. */
export interface TrainingPicture {
  /** The height of the network's input, in pixels. */
  readonly height: number
  /** The width of the network's input, in pixels. */
  readonly width: number
  /** The values, `[height, width, 3]`. */
  readonly pixels: Float32Array
}

/** Pictures with their classes. */
export interface Dataset {
  /** The names of the classes, in the order of the logits. */
  readonly classNames: readonly string[]
  /** The class of each picture, as an index into `classNames`. */
  readonly labels: readonly number[]
  /** Reads one picture when it is needed. It must give the same picture each time; the option `augment` varies pictures. */
  picture(index: number): TrainingPicture | Promise<TrainingPicture>
}

/** A picture in memory, and the name of its class. */
export interface Example extends TrainingPicture {
  /** The name of the class. */
  readonly label: string
}

/**
 * Makes a dataset of pictures in memory.
 * @param classNames the names of the classes in the order of the logits; unless given, the labels of the examples, sorted
 * @throws MobileNetV2Error `INPUT` if there is no example, the label of an example is not among the names, two names are equal, or a class
 * has no example
 * @example
 * ```ts
 * import { datasetOf } from '@mobilenetv2/tfjs'
 *
 * const black = { height: 96, width: 96, pixels: new Float32Array(96 * 96 * 3).fill(-1) }
 * const white = { height: 96, width: 96, pixels: new Float32Array(96 * 96 * 3).fill(1) }
 * const dataset = datasetOf([{ ...black, label: 'black' }, { ...white, label: 'white' }])
 * ```
 */
export function datasetOf(examples: readonly Example[], classNames?: readonly string[]): Dataset {
  const names = classNames ?? [...new Set(examples.map(({ label }) => label))].toSorted()
  const indices = new Map(names.map((name, index) => [name, index]))
  const labels = examples.map(({ label }, index) => {
    const found = indices.get(label)
    if (found !== undefined) return found
    throw new MobileNetV2Error('INPUT', 'The label of an example is not the name of a class.', {
      where: `example ${index}`,
      expected: `one of ${names.length} class names`,
      got: JSON.stringify(label),
    })
  })
  const dataset: Dataset = { classNames: names, labels, picture: (index: number) => examples[index]! }
  checkDataset(dataset)
  return dataset
}

/** @throws MobileNetV2Error `INPUT` if a label is not a class index */
export function checkLabels({ classNames, labels }: Pick<Dataset, 'classNames' | 'labels'>): void {
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classNames.length)
  if (wrong >= 0) {
    throw new MobileNetV2Error('INPUT', 'A label is not a class index.', {
      where: `labels[${wrong}]`,
      expected: `an integer from 0 to ${classNames.length - 1}`,
      got: String(labels[wrong]),
    })
  }
}

/**
 * @throws MobileNetV2Error `INPUT` if the dataset is empty, two classes have the same name, a label is not a class index, or a class has no
 * picture
 */
export function checkDataset({ classNames, labels }: Pick<Dataset, 'classNames' | 'labels'>): void {
  if (labels.length === 0) {
    throw new MobileNetV2Error('INPUT', 'The dataset has no pictures.', { expected: 'one or more pictures of each class' })
  }
  const twice = classNames.findIndex((name, index) => classNames.indexOf(name) !== index)
  if (twice >= 0) {
    throw new MobileNetV2Error('INPUT', 'Two classes have the same name.', {
      where: `class ${twice}`,
      expected: 'a different name for each class',
      got: JSON.stringify(classNames[twice]),
    })
  }
  checkLabels({ classNames, labels })
  const present = new Set(labels)
  const empty = classNames.findIndex((_, index) => !present.has(index))
  if (empty >= 0) {
    throw new MobileNetV2Error('INPUT', 'A class has no pictures.', {
      where: `class ${empty}, ${JSON.stringify(classNames[empty])}`,
      expected: 'one or more pictures of each class',
      got: 'none',
      remedy: 'Add pictures of the class, or leave the class out.',
    })
  }
}

/**
 * @throws MobileNetV2Error `INPUT` if the picture does not have the size or type that the architecture takes, or has a value that is not
 * finite
 */
export function checkPicture({ input }: Architecture, picture: TrainingPicture, index: number): void {
  const { height, width, pixels } = picture
  const expected = `float32 [${input.height}, ${input.width}, 3]: ${input.height * input.width * 3} values`
  if (!(pixels instanceof Float32Array)) {
    throw new MobileNetV2Error('INPUT', 'A picture of the dataset does not have the type that the network takes.', {
      where: `picture ${index}`,
      expected: `{ height, width, pixels }, pixels ${expected}`,
      got: Object.prototype.toString.call(pixels),
      remedy: 'Make the pixels with preprocess of @mobilenetv2/image, which normalises the picture.',
    })
  }
  if (height !== input.height || width !== input.width || pixels.length !== height * width * 3) {
    throw new MobileNetV2Error('INPUT', 'A picture of the dataset does not have the size that the network takes.', {
      where: `picture ${index}`,
      expected,
      got: `[${height}, ${width}, 3] in ${pixels.length} values`,
      remedy: 'Make the pixels with preprocess of @mobilenetv2/image, which resizes the picture.',
    })
  }
  const bad = pixels.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new MobileNetV2Error('INPUT', 'A picture of the dataset has a value that is not a finite number.', {
      where: `picture ${index}, value ${bad}`,
      got: String(pixels[bad]),
    })
  }
}
