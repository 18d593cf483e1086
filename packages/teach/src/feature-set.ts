import { brandOf, MobileNetV2Error } from '@mobilenetv2/spec'

/** The features of labelled pictures: what `model.embed` gives for each of them. */
export interface FeatureSet {
  /** The names of the classes, in the order of the logits. */
  readonly classNames: readonly string[]
  /** The class of each picture: an index of `classNames`. */
  readonly labels: readonly number[]
  /** Number of features of a picture, such as 1280. */
  readonly length: number
  /** `[pictures, length]`: the features of all pictures one after the other. */
  readonly features: Float32Array
}

function refuse(message: string, where: string, expected: string, got: string, remedy?: string): never {
  throw new MobileNetV2Error('INPUT', message, { where, expected, got, remedy })
}

/**
 * Checks that labels, features and class names fit each other.
 * @param name the name of the examples in errors
 * @throws MobileNetV2Error `INPUT` if they do not, or if two classes have the same name
 */
export function checkFeatureSet(examples: FeatureSet, name = 'examples'): void {
  if (typeof examples !== 'object' || examples === null)
    refuse('The examples are not a feature set.', name, 'an object', brandOf(examples))
  const { classNames, labels, length, features } = examples
  if (!Array.isArray(classNames) || classNames.some((own) => typeof own !== 'string'))
    refuse('The class names are not an array of names.', `${name}.classNames`, 'an array of strings', brandOf(classNames))
  if (!Array.isArray(labels)) refuse('The labels are not an array.', `${name}.labels`, 'an array of class indices', brandOf(labels))
  if (brandOf(features) !== 'Float32Array') {
    const remedy = 'Put the features of all pictures one after the other into one Float32Array.'
    refuse('The features are not a Float32Array.', `${name}.features`, 'a Float32Array', brandOf(features), remedy)
  }
  if (!Number.isSafeInteger(length) || length < 1)
    refuse('The number of features of a picture is not allowed.', `${name}.length`, 'an integer of 1 or more', String(length))
  if (labels.length === 0) refuse('There are no pictures.', `${name}.labels`, 'one picture or more of each class', 'none')
  if (features.length !== labels.length * length)
    refuse(
      'The features do not fit the labels.',
      `${name}.features`,
      `${labels.length} x ${length} values`,
      `${features.length} values`,
    )
  const twice = classNames.findIndex((own, index) => classNames.indexOf(own) < index)
  if (twice >= 0)
    refuse(
      'Two classes have the same name.',
      `${name}.classNames`,
      'names that differ',
      `${JSON.stringify(classNames[twice])} as class ${classNames.indexOf(classNames[twice]!)} and as class ${twice}`,
    )
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classNames.length)
  if (wrong >= 0)
    refuse(
      'A label is not a class index.',
      `${name}.labels[${wrong}]`,
      `an integer from 0 to ${classNames.length - 1}`,
      String(labels[wrong]),
    )
}

/**
 * The Euclidean norm of the features of a picture.
 * @throws MobileNetV2Error `INPUT` if a feature is not a finite number
 */
export function normOf({ features, length }: FeatureSet, picture: number, name = 'examples'): number {
  let square = 0
  for (let at = picture * length; at < (picture + 1) * length; at++) square += features[at]! * features[at]!
  if (Number.isFinite(square)) return Math.sqrt(square)
  const own = features.subarray(picture * length, (picture + 1) * length)
  const at = own.findIndex((value) => !Number.isFinite(value))
  return refuse(
    'A feature is not a finite number.',
    `${name}.features: picture ${picture}, feature ${at}`,
    'a finite number',
    String(own[at]),
  )
}

/**
 * The number of pictures of each class.
 * @example
 * ```ts
 * import { classSizes } from '@mobilenetv2/teach'
 *
 * classSizes({ classNames: ['cat', 'dog'], labels: [0, 1, 0] }) // => [ 2, 1 ]
 * ```
 */
export function classSizes({ classNames, labels }: Pick<FeatureSet, 'classNames' | 'labels'>): number[] {
  const sizes = classNames.map(() => 0)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

/**
 * The weight of a picture of each class with which all classes together count alike: pictures / (classes x pictures of the class). It is
 * `class_weight='balanced'` of scikit-learn.
 * @example
 * ```ts
 * import { balancedWeights } from '@mobilenetv2/teach'
 *
 * balancedWeights({ classNames: ['cat', 'dog'], labels: [0, 1, 0, 0] }) // => [ 0.6666666666666666, 2 ]
 * ```
 */
export function balancedWeights(examples: Pick<FeatureSet, 'classNames' | 'labels'>): number[] {
  const sizes = classSizes(examples)
  return sizes.map((size) => examples.labels.length / (sizes.length * size))
}

/**
 * Checks that there are classes that a head can tell apart.
 * @throws MobileNetV2Error `INPUT` if there are fewer than two classes, or a class has no picture
 */
export function checkClasses(examples: FeatureSet): void {
  const { classNames } = examples
  if (classNames.length < 2)
    refuse(
      'There are fewer than two classes, so there is nothing to tell apart.',
      'examples.classNames',
      'two classes or more',
      `${classNames.length} class${classNames.length === 1 ? '' : 'es'}`,
      'Add a class, such as one of pictures that show none of your classes.',
    )
  const empty = classSizes(examples).indexOf(0)
  if (empty >= 0)
    refuse(
      'A class has no pictures.',
      `class ${empty}, ${JSON.stringify(classNames[empty])}`,
      'one picture or more of each class',
      'none',
      'Add pictures of the class, or remove the class.',
    )
}
