import { brandOf, MobileNetV2Error } from '@mobilenetv2/spec'

/** What a backbone makes of labelled pictures: `embed`, once a picture. */
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

function refuse(message: string, where: string, expected: string, got: string, remedy?: string): never {
  throw new MobileNetV2Error('INPUT', message, { where, expected, got, remedy })
}

/**
 * Checks examples that may come from anywhere.
 * @param name of what they are, for the message
 * @throws MobileNetV2Error `INPUT` if labels, features and class names do not fit each other, or a class name stands twice
 */
export function checkFeatureSet(examples: FeatureSet, name = 'examples'): void {
  if (typeof examples !== 'object' || examples === null) refuse('These are no examples.', name, 'a feature set', brandOf(examples))
  const { classNames, labels, length, features } = examples
  if (!Array.isArray(classNames) || classNames.some((own) => typeof own !== 'string'))
    refuse('The class names are no list of names.', `${name}.classNames`, 'an array of strings', brandOf(classNames))
  if (!Array.isArray(labels)) refuse('The labels are no list.', `${name}.labels`, 'an array of class indices', brandOf(labels))
  if (brandOf(features) !== 'Float32Array') {
    const remedy = 'Put the features of all pictures one after the other into one Float32Array.'
    refuse('The features are no Float32Array.', `${name}.features`, 'a Float32Array', brandOf(features), remedy)
  }
  if (!Number.isSafeInteger(length) || length < 1)
    refuse('The number of features a picture is none.', `${name}.length`, 'an integer of 1 or more', String(length))
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
      'A label is no class index.',
      `${name}.labels[${wrong}]`,
      `an integer from 0 to ${classNames.length - 1}`,
      String(labels[wrong]),
    )
}

/**
 * The length of a picture's features as a vector.
 * @throws MobileNetV2Error `INPUT` if a feature is no finite number
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

/** Pictures of each class. */
export function classSizes({ classNames, labels }: Pick<FeatureSet, 'classNames' | 'labels'>): number[] {
  const sizes = classNames.map(() => 0)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

/** What a picture of each class counts for if all classes are to count alike. The weights of all pictures sum to their number, as in scikit-learn. */
export function balancedWeights(examples: Pick<FeatureSet, 'classNames' | 'labels'>): number[] {
  const sizes = classSizes(examples)
  return sizes.map((size) => examples.labels.length / (sizes.length * size))
}

/** @throws MobileNetV2Error `INPUT` if there is one class, or a class has no picture */
export function checkClasses(examples: FeatureSet): void {
  const { classNames } = examples
  if (classNames.length < 2)
    refuse(
      'There is nothing to tell apart.',
      'examples.classNames',
      'two classes or more',
      `${classNames.length} class${classNames.length === 1 ? '' : 'es'}`,
      'Add a class of other pictures.',
    )
  const empty = classSizes(examples).indexOf(0)
  if (empty >= 0)
    refuse(
      'A class has no pictures.',
      `class ${empty}, ${JSON.stringify(classNames[empty])}`,
      'one picture or more of each class',
      'none',
      'Add pictures of the class, or leave the class out.',
    )
}
