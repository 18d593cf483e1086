import { blockActivations, type Preprocessing } from '@mobilenetv2/spec'
import { type Description, shorterSide, silent, sizeOf } from './description.js'
import { factsFrom, type InputSize } from './facts.js'
import { memberOf, numberOf, type PlainRecord, recordOf, tripleOf } from './plain.js'

/** The numbers of Pillow's filters. */
const resamplings: Readonly<Record<number, Preprocessing['interpolation']>> = { 2: 'bilinear', 3: 'bicubic' }
const otherResamplings: Readonly<Record<number, string>> = { 0: 'nearest', 1: 'Lanczos', 4: 'box', 5: 'Hamming' }

/** A size as transformers writes it: a number, two numbers, or an object. */
function sizeIn(value: Parameters<typeof recordOf>[0]): InputSize | null {
  const record = recordOf(value)
  if (record !== null) return sizeOf(numberOf(memberOf(record, 'height')), numberOf(memberOf(record, 'width')))
  const [height, width] = Array.isArray(value) ? value.map(numberOf) : [numberOf(value), numberOf(value)]
  return sizeOf(height ?? null, width ?? null)
}

/** Whether an object is the `config.json` of transformers. */
export function isConfig(record: PlainRecord): boolean {
  return typeof memberOf(record, 'model_type') === 'string'
}

/** The facts in a `config.json` of transformers, except labels, which are found elsewhere. */
export function describeConfig(record: PlainRecord, reason: string): Description {
  const type = memberOf(record, 'model_type')
  if (type !== 'mobilenet_v2' && type !== 'mobilenet_v1') {
    return { ...silent, other: `its model_type is ${String(type).slice(0, 40)}` }
  }
  const padding = memberOf(record, 'tf_padding')
  const epsilon = numberOf(memberOf(record, 'layer_norm_eps'))
  const activation = memberOf(record, 'hidden_act')
  const stride = numberOf(memberOf(record, 'output_stride'))
  const known = blockActivations.find((name) => name === activation)
  const unlike = [
    ...(typeof activation === 'string' && known === undefined ? [`hidden_act is ${activation.slice(0, 40)}`] : []),
    ...(stride !== null && stride < 32 ? [`output_stride is ${stride}`] : []),
  ]
  return {
    ...silent,
    facts: factsFrom(
      {
        padding: typeof padding === 'boolean' ? (padding ? 'same' : 'symmetric') : undefined,
        activation: known,
        output: memberOf(record, 'problem_type') === 'multi_label_classification' ? 'sigmoid' : undefined,
        batchNormEpsilon: epsilon !== null && epsilon > 0 && epsilon <= 1 ? epsilon : undefined,
      },
      reason,
    ),
    size: sizeIn(memberOf(record, 'image_size')),
    unlike: unlike.length === 0 ? null : unlike.join(', '),
  }
}

/** Whether an object is the `preprocessor_config.json` of transformers. */
export function isPreprocessor(record: PlainRecord): boolean {
  return ['image_processor_type', 'feature_extractor_type', 'do_normalize', 'do_resize', 'do_center_crop'].some(
    (name) => memberOf(record, name) !== undefined,
  )
}

/** The geometry that results from the steps of an image processor. */
function geometryOf(record: PlainRecord): Pick<Description, 'size' | 'geometry' | 'leftOut'> {
  const size = memberOf(record, 'size')
  const shortest = numberOf(memberOf(recordOf(size), 'shortest_edge')) ?? numberOf(size)
  const whole = sizeIn(size)
  const crop = memberOf(record, 'do_center_crop') === true ? sizeIn(memberOf(record, 'crop_size')) : null
  const not = (why: string): Pick<Description, 'size' | 'geometry' | 'leftOut'> => ({
    size: crop,
    geometry: null,
    leftOut: [`geometry left out: ${why}`],
  })
  if (memberOf(record, 'do_resize') === false) return not('do_resize is false, and pictures of one size only would fit')
  const stated = crop ?? (shortest === null ? whole : null)
  if (stated === null) return { size: null, geometry: null, leftOut: [] }
  const forStated =
    (geometry: (size: InputSize) => ReturnType<typeof shorterSide>): NonNullable<Description['geometry']> =>
    (input) =>
      input.height === stated.height && input.width === stated.width
        ? geometry(input)
        : { not: `it is for an input of ${stated.height} x ${stated.width}` }
  if (shortest !== null)
    return { size: stated, geometry: forStated((input) => shorterSide(shortest, input, 'torchvision')), leftOut: [] }
  if (whole === null) return not('no size is stated')
  const [fraction, other] = [stated.height / whole.height, stated.width / whole.width]
  if (fraction !== other || fraction > 1)
    return not(`${whole.height} x ${whole.width} cropped to ${stated.height} x ${stated.width}`)
  return {
    size: stated,
    geometry: forStated(() => (fraction === 1 ? { kind: 'stretch' } : { kind: 'centralFraction', fraction })),
    leftOut: [],
  }
}

/** The facts in a `preprocessor_config.json` of transformers. */
export function describePreprocessor(record: PlainRecord, reason: string): Description {
  const resample = numberOf(memberOf(record, 'resample'))
  const interpolation = resample === null ? undefined : resamplings[resample]
  const factor = memberOf(record, 'do_rescale') === false ? 1 : (numberOf(memberOf(record, 'rescale_factor')) ?? 1 / 255)
  const normalizes = memberOf(record, 'do_normalize') !== false
  // The file states input = (value x factor - mean) / deviation. A `Preprocessing` states (value / 255 - mean) / deviation.
  const ofRecipe = (value: number): number => (factor === 1 / 255 ? value : value / (255 * factor))
  const mean = tripleOf(normalizes ? memberOf(record, 'image_mean') : 0, ofRecipe)
  const deviation = tripleOf(normalizes ? memberOf(record, 'image_std') : 1, ofRecipe)
  const isUsable =
    factor > 0 &&
    mean !== null &&
    deviation !== null &&
    [...mean, ...deviation].every(Number.isFinite) &&
    deviation.every((value) => value > 0)
  const { size, geometry, leftOut } = geometryOf(record)
  return {
    ...silent,
    facts: factsFrom({ interpolation, ...(isUsable && { mean, deviation }) }, reason),
    size,
    geometry,
    leftOut: [
      ...leftOut,
      ...(resample !== null && interpolation === undefined
        ? [`interpolation left out: ${otherResamplings[resample] ?? resample} is not offered`]
        : []),
    ],
  }
}
