import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

/** A picture that a network can be given: float32 `[height, width, 3]`, normalised as the network expects. */
export interface TrainingPicture {
  readonly height: number
  readonly width: number
  readonly pixels: Float32Array
}

/** Pictures with their classes. */
export interface Dataset {
  /** In the order of the logits. */
  readonly classNames: readonly string[]
  /** The class of each picture, an index of `classNames`. */
  readonly labels: readonly number[]
  /** One picture, read when it is needed: the same each time. Varying it is for `augment`. */
  picture(index: number): TrainingPicture | Promise<TrainingPicture>
}

/** A picture in memory, and the name of its class. */
export interface Example extends TrainingPicture {
  readonly label: string
}

/**
 * A dataset of pictures that are in memory.
 * @param classNames in the order of the logits; unless given, the names that occur, sorted
 * @throws MobileNetV2Error `INPUT` if there is no example, an example is of no class, or a class has no example
 */
export function datasetOf(examples: readonly Example[], classNames?: readonly string[]): Dataset {
  const names = classNames ?? [...new Set(examples.map(({ label }) => label))].toSorted()
  const indices = new Map(names.map((name, index) => [name, index]))
  const labels = examples.map(({ label }, index) => {
    const found = indices.get(label)
    if (found !== undefined) return found
    throw new MobileNetV2Error('INPUT', 'An example is of no class.', {
      where: `example ${index}`,
      expected: `one of ${names.length} class names`,
      got: JSON.stringify(label),
    })
  })
  const dataset: Dataset = { classNames: names, labels, picture: (index: number) => examples[index]! }
  checkDataset(dataset)
  return dataset
}

/** @throws MobileNetV2Error `INPUT` if a label is no class index */
export function checkLabels({ classNames, labels }: Pick<Dataset, 'classNames' | 'labels'>): void {
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classNames.length)
  if (wrong >= 0) {
    throw new MobileNetV2Error('INPUT', 'A label is no class index.', {
      where: `labels[${wrong}]`,
      expected: `an integer from 0 to ${classNames.length - 1}`,
      got: String(labels[wrong]),
    })
  }
}

/**
 * @throws MobileNetV2Error `INPUT` if the dataset is empty, two classes have one name, a label is no class index, or a class has no
 * picture
 */
export function checkDataset({ classNames, labels }: Pick<Dataset, 'classNames' | 'labels'>): void {
  if (labels.length === 0) {
    throw new MobileNetV2Error('INPUT', 'The dataset has no pictures.', { expected: 'one or more of each class' })
  }
  const twice = classNames.findIndex((name, index) => classNames.indexOf(name) !== index)
  if (twice >= 0) {
    throw new MobileNetV2Error('INPUT', 'Two classes have the same name.', {
      where: `class ${twice}`,
      expected: 'a name of its own for each class',
      got: JSON.stringify(classNames[twice]),
    })
  }
  checkLabels({ classNames, labels })
  const present = new Set(labels)
  const empty = classNames.findIndex((_, index) => !present.has(index))
  if (empty >= 0) {
    throw new MobileNetV2Error('INPUT', 'A class has no pictures.', {
      where: `class ${empty}, ${JSON.stringify(classNames[empty])}`,
      expected: 'one picture or more of each class',
      got: 'none',
      remedy: 'Add pictures of the class, or leave the class out.',
    })
  }
}

/**
 * @throws MobileNetV2Error `INPUT` if the picture is of another size or kind than the architecture takes, or has values that are no
 * finite numbers
 */
export function checkPicture({ input }: Architecture, picture: TrainingPicture, index: number): void {
  const { height, width, pixels } = picture
  const expected = `float32 [${input.height}, ${input.width}, 3]: ${input.height * input.width * 3} values`
  if (!(pixels instanceof Float32Array)) {
    throw new MobileNetV2Error('INPUT', 'A picture of the dataset is of another kind than the network takes.', {
      where: `picture ${index}`,
      expected: `{ height, width, pixels }, pixels ${expected}`,
      got: Object.prototype.toString.call(pixels),
      remedy: 'Normalise the picture: preprocess of @mobilenetv2/image does.',
    })
  }
  if (height !== input.height || width !== input.width || pixels.length !== height * width * 3) {
    throw new MobileNetV2Error('INPUT', 'A picture of the dataset is of another size than the network takes.', {
      where: `picture ${index}`,
      expected,
      got: `[${height}, ${width}, 3] in ${pixels.length} values`,
      remedy: 'Bring all pictures to one size: preprocess of @mobilenetv2/image does.',
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
