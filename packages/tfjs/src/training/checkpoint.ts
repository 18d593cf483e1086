import { isWeighted, type Layer, type LayerId, type LayerParameters, MobileNetV2Error } from '@mobilenetv2/spec'
import { type OptimizerOptions, type SlotName, slotsOf } from './optimizer.js'
import { learnedArrays, namedArrays, type UnfoldedLayerParameters, type UnfoldedParameters } from './unfolded.js'

/** Everything that a training needs to go on as if it had not been interrupted. Random numbers depend only on `seed` and `step`. */
export interface TrainingCheckpoint {
  /** The number of finished steps. */
  readonly step: number
  /** The seed of the training. */
  readonly seed: number
  /** The number of pictures in a step. */
  readonly batch: number
  /** A hash of the class names, the labels and the first picture of the dataset. */
  readonly data: number
  /** All parameters, as they are after `step` steps. */
  readonly parameters: UnfoldedParameters
  /** What the optimizer remembers for each parameter that is trained. */
  readonly slots: ReadonlyMap<SlotName, Float32Array>
}

const format = 'mobilenetv2-training-2'
const slotName = /\.(velocity|firstMoment|secondMoment)$/

/** An entry of a safetensors header. */
interface TensorEntry {
  readonly dtype: 'F32'
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/**
 * Encodes a checkpoint as a safetensors file. It has one-dimensional tensors such as `block1.expand.kernel` and
 * `block1.expand.kernel.velocity`, and `step`, `seed`, `batch` and `data` in its metadata.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { encodeTrainingCheckpoint, type TrainOptions } from '@mobilenetv2/tfjs'
 *
 * const checkpoint: TrainOptions['checkpoint'] = {
 *   every: 100,
 *   save: (made) => writeFile('training.safetensors', encodeTrainingCheckpoint(made)),
 * }
 * ```
 */
export function encodeTrainingCheckpoint({ parameters, slots, ...numbers }: TrainingCheckpoint): Uint8Array {
  const { step, seed, batch, data } = numbers
  const arrays: (readonly [string, Float32Array])[] = [
    ...[...parameters].flatMap(([id, layer]) => namedArrays(id, layer)),
    ...slots,
  ]
  const header: Record<string, TensorEntry | Record<string, string>> = {
    __metadata__: { format, step: String(step), seed: String(seed), batch: String(batch), data: String(data) },
  }
  let end = 0
  for (const [name, values] of arrays) {
    header[name] = { dtype: 'F32', shape: [values.length], data_offsets: [end, end + values.byteLength] }
    end += values.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const dataStart = 8 + Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(dataStart + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - 8), true)
  // The format pads its header with spaces.
  bytes.fill(0x20, 8, dataStart)
  bytes.set(text, 8)
  const view = new DataView(bytes.buffer, dataStart)
  let at = 0
  for (const [, values] of arrays) for (const value of values) view.setFloat32(4 * at++, value, true)
  return bytes
}

function refuse(what: string, got: string): never {
  throw new MobileNetV2Error('CHECKPOINT', what, { expected: 'a file that encodeTrainingCheckpoint made', got })
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; data: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true))
  if (length < 2 || length > bytes.length - 8) refuse('This is not a training checkpoint.', `${bytes.length} bytes`)
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
    if (typeof header !== 'object' || header === null) throw new TypeError('the header is no object')
    return { header: { ...header }, data: new DataView(bytes.buffer, bytes.byteOffset + 8 + length, bytes.length - 8 - length) }
  } catch (error) {
    return refuse('The header of the training checkpoint is damaged.', String(error))
  }
}

function floats(name: string, entry: unknown, data: DataView): Float32Array {
  const { dtype, data_offsets: offsets } = (entry ?? {}) as Partial<TensorEntry>
  const [start, end] = Array.isArray(offsets) ? (offsets as [unknown, unknown]) : []
  const whole = Number.isInteger(start) && Number.isInteger(end)
  const [from, to] = whole ? [Number(start), Number(end)] : [1, 0]
  if (dtype !== 'F32' || from < 0 || to < from || to > data.byteLength || (to - from) % 4 !== 0) {
    refuse('A tensor of the training checkpoint is damaged.', `${name}: ${JSON.stringify(entry)}, ${data.byteLength} bytes of data`)
  }
  return Float32Array.from({ length: (to - from) / 4 }, (_, index) => data.getFloat32(from + 4 * index, true))
}

/**
 * Decodes a file of `encodeTrainingCheckpoint`. The checkpoint is the same bit for bit.
 * @throws MobileNetV2Error `CHECKPOINT` if the file is not such a file, or is damaged
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { decodeTrainingCheckpoint } from '@mobilenetv2/tfjs'
 *
 * const resume = decodeTrainingCheckpoint(await readFile('training.safetensors'))
 * console.log(resume.step)
 * ```
 */
export function decodeTrainingCheckpoint(bytes: Uint8Array): TrainingCheckpoint {
  const { header, data } = parseHeader(bytes)
  const { __metadata__: metadata, ...entries } = header
  const about = (metadata ?? {}) as Readonly<Record<string, unknown>>
  const [step, seed] = [Number(about.step), Number(about.seed)]
  const [batch, content] = [Number(about.batch), Number(about.data)]
  if (about.format !== format || ![step, seed, batch, content].every(Number.isSafeInteger) || step < 0) {
    refuse('This is not a training checkpoint.', `metadata ${JSON.stringify(metadata)}`)
  }
  const parameters = new Map<LayerId, LayerParameters | UnfoldedLayerParameters>()
  const slots = new Map<SlotName, Float32Array>()
  for (const [name, entry] of Object.entries(entries)) {
    const values = floats(name, entry, data)
    if (slotName.test(name)) {
      slots.set(name as SlotName, values)
      continue
    }
    const dot = name.lastIndexOf('.')
    const id = name.slice(0, dot) as LayerId
    parameters.set(id, { ...parameters.get(id), [name.slice(dot + 1)]: values } as unknown as LayerParameters)
  }
  return { step, seed, batch, data: content, parameters, slots }
}

/**
 * Checks that the checkpoint has exactly what the optimizer remembers for each parameter that is trained.
 * @param trained the layers that are trained
 * @throws MobileNetV2Error `CHECKPOINT`
 */
export function checkSlots(
  trained: readonly Layer[],
  optimizer: OptimizerOptions,
  { step, slots, parameters }: TrainingCheckpoint,
): void {
  const learned = trained.filter(isWeighted).flatMap(({ id }) => learnedArrays(id, parameters.get(id)!))
  const lengths = new Map(
    learned.flatMap(([name, { length }]) => slotsOf(optimizer).map((slot) => [`${name}.${slot}` as SlotName, length] as const)),
  )
  const names = step === 0 ? [...slots.keys()] : [...new Set([...slots.keys(), ...lengths.keys()])]
  const wrong = names.find((name) => slots.get(name)?.length !== lengths.get(name))
  if (wrong === undefined) return
  const told = (length: number | undefined): string => (length === undefined ? 'nothing' : `${length} values`)
  throw new MobileNetV2Error('CHECKPOINT', 'The checkpoint belongs to a training of other layers or with another optimizer.', {
    where: wrong,
    expected: told(lengths.get(wrong)),
    got: told(slots.get(wrong)?.length),
  })
}
