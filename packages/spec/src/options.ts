import { activations, type HeadActivation, headActivationOption } from './activations.js'
import { type PaddingConvention, paddingConventions } from './architecture.js'
import { checkOptionNames, choiceOption, integerOption, positiveOption, refuseOption } from './check-options.js'

/** A row of the paper's Table 2: expansion factor t, output channels c, repetitions n, stride of the first repetition s. */
export type BottleneckRow = readonly [t: number, c: number, n: number, s: number]

/** Every `ResidualPlacement`. */
export const residualPlacements = ['bottleneck', 'expansion', 'none'] as const

/**
 * Where shortcuts go (Figure 6b of the paper). `bottleneck`: from one bottleneck to the next, as in the published network. `expansion`:
 * from one expanded tensor to the next, so that a depthwise layer adds the depthwise output of the block before it, if the shapes agree.
 * `none`: nowhere.
 */
export type ResidualPlacement = (typeof residualPlacements)[number]

/** Every activation that a projection can have. */
export const bottleneckActivations = ['linear', 'relu6'] as const

/** Every `PoolKind`. */
export const poolKinds = ['average', 'max', 'none'] as const

/**
 * How the last map `[height, width, channels]` becomes a vector. `average`: the mean over height and width, as published. `max`: the
 * maximum. `none`: it stays a map, and the next dense layer takes all of its values.
 */
export type PoolKind = (typeof poolKinds)[number]

/** A fully connected layer of the head, before the classifier. */
export interface HeadLayer {
  /** Number of output features: 1 to 65536. */
  readonly units: number
  /** Applied to the layer's output. */
  readonly activation: HeadActivation
}

/** Every value of the option `activation`, which the convolutions share. */
export const blockActivations = ['relu6', 'relu'] as const

/** The options of `defineMobileNetV1`. `defineMobileNetV2` takes them too. */
export interface MobileNetV1Options {
  /** Multiplies the channels of every layer; above 0, at most 8. 1 unless given. */
  readonly widthMultiplier?: number | undefined
  /** Height of the input in pixels: from the product of all strides (32) to 8192. 224 unless given. */
  readonly height?: number | undefined
  /** Width of the input in pixels, with the same range. 224 unless given. */
  readonly width?: number | undefined
  /** Length of the logits: 1 to 1,000,000, or 0 for a network without a classifier. 1000 unless given. */
  readonly classes?: number | undefined
  /**
   * Dense layers that are applied to each position of the last map, before the pool: at most 8, and none if `classes` is 0. None unless
   * given. Their activations are among `activations`.
   */
  readonly positionLayers?: readonly HeadLayer[] | undefined
  /** The pool after the last map: `average` unless given, as published. A network without a classifier must have a pool. */
  readonly pool?: PoolKind | undefined
  /** Dense layers between the pool and the classifier: at most 8. None unless given, as published. */
  readonly headLayers?: readonly HeadLayer[] | undefined
  /** Stride of the first convolution: 1 or 2; 2 unless given. 1 is usual for the small pictures of CIFAR. */
  readonly stemStride?: number | undefined
  /** Activation of all convolutions except the projections: `relu6` unless given, as published. */
  readonly activation?: (typeof blockActivations)[number] | undefined
  /** The framework whose padding strided convolutions have: `symmetric` (PyTorch) unless given, or `same` (TensorFlow). */
  readonly padding?: PaddingConvention | undefined
  /**
   * The epsilon of every BatchNorm: above 0, at most 1. Unless given, it is the default of the framework that pads this way: 1e-5 for
   * `symmetric` (PyTorch), 1e-3 for `same` (TensorFlow).
   */
  readonly batchNormEpsilon?: number | undefined
}

/** The options of `defineMobileNetV2`. */
export interface MobileNetV2Options extends MobileNetV1Options {
  /** Every number of channels is rounded to a multiple of this number (`makeDivisible`): 1 to 256. 8 unless given. */
  readonly channelDivisor?: number | undefined
  /** The inverted residuals: 1 to 32 rows, each of at most 64 repetitions. `mobileNetV2Table` unless given. */
  readonly table?: readonly BottleneckRow[] | undefined
  /** Channels of the first convolution: 1 to 65536. Unless given, 32 times the width multiplier, rounded. */
  readonly stemChannels?: number | undefined
  /**
   * Channels of the last convolution: 1 to 65536, or 0 for a network without it. Unless given, 1280 times the width multiplier, at least
   * 1280.
   */
  readonly headChannels?: number | undefined
  /** Activation after a projection: `linear` unless given, as published, or `relu6`, as in the paper's ablation (Figure 6a). */
  readonly bottleneckActivation?: (typeof bottleneckActivations)[number] | undefined
  /** Where shortcuts go: `bottleneck` unless given, as published. */
  readonly residual?: ResidualPlacement | undefined
}

/** Options of which none is missing. */
export type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> }

/** Every name in `MobileNetV1Options`. */
export const commonOptionNames: readonly (keyof MobileNetV1Options)[] = [
  'widthMultiplier',
  'height',
  'width',
  'classes',
  'positionLayers',
  'pool',
  'headLayers',
  'stemStride',
  'activation',
  'padding',
  'batchNormEpsilon',
]

function completeDenseLayers(
  option: 'headLayers' | 'positionLayers',
  layers: readonly HeadLayer[],
  classes: number,
): readonly HeadLayer[] {
  const most = classes === 0 ? 0 : 8
  if (!Array.isArray(layers) || layers.length > most) {
    refuseOption(option, layers.length ?? layers, classes === 0 ? 'none if classes is 0' : `at most ${most} layers`)
  }
  layers.forEach((layer, index) => {
    checkOptionNames(layer, ['units', 'activation'])
    const { units, activation } = layer
    integerOption(`${option}[${index}].units`, units, 1, 65536)
    const name = `${option}[${index}].activation`
    if (option === 'positionLayers') choiceOption(name, activation, activations)
    else headActivationOption(name, activation)
  })
  return layers
}

function completePool(pool: PoolKind, classes: number): PoolKind {
  choiceOption('pool', pool, poolKinds)
  if (pool === 'none' && classes === 0) refuseOption('pool', pool, 'average or max if classes is 0')
  return pool
}

/**
 * Checks the options of both families, and fills in those that are missing.
 * @param blockStride the product of the strides of all blocks
 */
export function completeCommonOptions(options: MobileNetV1Options, blockStride: number): Complete<MobileNetV1Options> {
  const classes = integerOption('classes', options.classes ?? 1000, 0, 1_000_000)
  const stemStride = integerOption('stemStride', options.stemStride ?? 2, 1, 2)
  const totalStride = stemStride * blockStride
  const padding = choiceOption('padding', options.padding ?? 'symmetric', paddingConventions)
  return {
    widthMultiplier: positiveOption('widthMultiplier', options.widthMultiplier ?? 1, 8),
    height: integerOption('height', options.height ?? 224, totalStride, 8192),
    width: integerOption('width', options.width ?? 224, totalStride, 8192),
    classes,
    positionLayers: completeDenseLayers('positionLayers', options.positionLayers ?? [], classes),
    pool: completePool(options.pool ?? 'average', classes),
    headLayers: completeDenseLayers('headLayers', options.headLayers ?? [], classes),
    stemStride,
    activation: choiceOption('activation', options.activation ?? 'relu6', blockActivations),
    padding,
    batchNormEpsilon: positiveOption('batchNormEpsilon', options.batchNormEpsilon ?? (padding === 'symmetric' ? 1e-5 : 1e-3), 1),
  }
}
