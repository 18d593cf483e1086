import {
  blockActivations,
  bottleneckActivations,
  checkOptionNames,
  choiceOption,
  type Geometry,
  geometryKinds,
  geometryRoundings,
  type HeadActivation,
  headActivationOption,
  integerOption,
  interpolations,
  type Preprocessing,
  paddingConventions,
  positiveOption,
  refuseOption,
  residualPlacements,
  typeOption,
} from '@mobilenetv2/spec'
import type { OutputKind } from '../network.js'
import { type Conventions, type Facts, factsFrom, type InputSize } from './facts.js'
import { isDeviation, isMean, longestSide } from './possible-recipe.js'

/** The parts of an architecture that a caller can state. The file decides the others. */
export type ArchitectureOverrides = {
  readonly [Name in keyof (Conventions & InputSize)]?: (Conventions & InputSize)[Name] | undefined
} & {
  /** The pool after the last map, which a file of weights does not state: `average` unless given. */
  readonly pool?: 'average' | 'max' | undefined
  /** The activation between dense layers of the head, which a file of weights does not state: `relu` unless given. */
  readonly headActivation?: HeadActivation | undefined
}

/** The parts of a preprocessing that a caller can state. The file, or its publisher's usual preprocessing, decides the others. */
export type PreprocessingOverrides = { readonly [Name in keyof Preprocessing]?: Preprocessing[Name] | undefined }

/** Names of classes: in the order of the logits, or by index (`id2label`). */
export type Labels = readonly string[] | Readonly<Record<number, string>>

/** What a caller knows about a network. It takes precedence over every other source. */
export interface Overrides {
  /** The names of the classes. A class called `background` means "none of the others", and is never an answer. */
  readonly labels?: Labels | undefined
  /** The preprocessing, whole or in those parts that the file does not state or states wrongly. */
  readonly preprocessing?: PreprocessingOverrides | undefined
  /** How the last layer is read. */
  readonly output?: OutputKind | undefined
  /** The parts of the architecture that the file does not state or states wrongly, such as input size and padding. */
  readonly architecture?: ArchitectureOverrides | undefined
  /**
   * Which of several networks in a file of weights is read: `ema` for averaged weights, else the prefix of the network's names,
   * such as `teacher.`. Unless given, the network whose weights are not averaged is read.
   */
  readonly weights?: string | undefined
}

/** Labels in the order of the logits. */
function labelList(labels: Labels): readonly string[] {
  if (typeof labels !== 'object' || labels === null)
    refuseOption('labels', labels, 'an array of names, or an object of index to name')
  const count = Array.isArray(labels) ? labels.length : Object.keys(labels).length
  return Array.from({ length: count }, (_, index) => {
    const label: unknown = (labels as Readonly<Record<number, string>>)[index]
    if (typeof label === 'string') return label
    return refuseOption('labels', label, `a name for each index from 0 to ${count - 1}; index ${index} has none`)
  })
}

/** Applies `check` unless the value is undefined. */
function optional<Given, Checked>(value: Given | undefined, check: (value: Given) => Checked): Checked | undefined {
  return value === undefined ? undefined : check(value)
}

function triple(
  name: string,
  values: Preprocessing['mean'],
  isPossible: (values: Preprocessing['mean']) => boolean,
): Preprocessing['mean'] {
  const isTriple = Array.isArray(values) && values.length === 3 && values.every((value) => typeof value === 'number')
  if (!isTriple || !isPossible(values)) {
    refuseOption(name, values, `three ${isPossible === isDeviation ? 'positive ' : ''}numbers, for red, green and blue`)
  }
  return values
}

function checkGeometry(geometry: Geometry): Geometry {
  const name = 'preprocessing.geometry'
  const { kind } = geometry ?? {}
  switch (choiceOption(`${name}.kind`, kind, geometryKinds)) {
    case 'shorterSide': {
      const { size, rounding } = geometry as Extract<Geometry, { kind: 'shorterSide' }>
      positiveOption(`${name}.size`, size, longestSide)
      choiceOption(`${name}.rounding`, rounding, geometryRoundings)
      break
    }
    case 'centralFraction':
      positiveOption(`${name}.fraction`, (geometry as Extract<Geometry, { kind: 'centralFraction' }>).fraction, 1)
      break
    case 'stretch':
      break
  }
  return geometry
}

/**
 * Checks the caller's options, and turns them into facts.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or not allowed
 */
export function callerFacts({ labels, preprocessing = {}, output, architecture = {}, weights }: Overrides): Facts {
  typeOption('weights', weights, 'string')
  checkOptionNames(preprocessing, ['geometry', 'interpolation', 'mean', 'deviation'])
  checkOptionNames(architecture, [
    'height',
    'width',
    'stemStride',
    'activation',
    'padding',
    'batchNormEpsilon',
    'bottleneckActivation',
    'residual',
    'pool',
    'headActivation',
  ])
  const { geometry, interpolation, mean, deviation } = preprocessing
  const { height, width, pool, headActivation, ...conventions } = architecture
  if (headActivation !== undefined) headActivationOption('architecture.headActivation', headActivation)
  const { stemStride, activation, padding, batchNormEpsilon, bottleneckActivation, residual } = conventions
  if ((height === undefined) !== (width === undefined)) refuseOption('architecture', architecture, 'height and width, both or none')
  return factsFrom(
    {
      size:
        height === undefined || width === undefined
          ? undefined
          : {
              height: integerOption('architecture.height', height, 32, 8192),
              width: integerOption('architecture.width', width, 32, 8192),
            },
      stemStride: optional(stemStride, (value) => integerOption('architecture.stemStride', value, 1, 2)),
      activation: optional(activation, (value) => choiceOption('architecture.activation', value, blockActivations)),
      padding: optional(padding, (value) => choiceOption('architecture.padding', value, paddingConventions)),
      batchNormEpsilon: optional(batchNormEpsilon, (value) => positiveOption('architecture.batchNormEpsilon', value, 1)),
      bottleneckActivation: optional(bottleneckActivation, (value) =>
        choiceOption('architecture.bottleneckActivation', value, bottleneckActivations),
      ),
      pool: optional(pool, (value) => choiceOption('architecture.pool', value, ['average', 'max'])),
      residual: optional(residual, (value) => choiceOption('architecture.residual', value, residualPlacements)),
      labels: optional(labels, labelList),
      geometry: optional(geometry, checkGeometry),
      interpolation: optional(interpolation, (value) => choiceOption('preprocessing.interpolation', value, interpolations)),
      mean: optional(mean, (value) => triple('preprocessing.mean', value, isMean)),
      deviation: optional(deviation, (value) => triple('preprocessing.deviation', value, isDeviation)),
      output: optional(output, (value) => choiceOption('output', value, ['softmax', 'sigmoid'])),
    },
    'as asked for',
  )
}
