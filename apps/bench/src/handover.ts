import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { wasm } from '@mobilenetv2/backend-wasm'
import { type Architecture, defineMobileNetV2, type Parameters } from '@mobilenetv2/spec'
import { runReference, seededInput } from '@mobilenetv2/testing'
import { inferOptions, type ModelDescription, toOnnx, toParameters, toSafetensors, toTfjs, toTflite } from '@mobilenetv2/weights'
import type { ModelFormat } from './contender.js'
import { type Assignment, checkedPictures, expectedPaths, inputPath } from './jobs.js'
import { messageOf } from './message.js'
import { openCheckpoint, type Subject } from './subject.js'

/** What the contenders get: the models, the pictures, and what the answers must be. */
export interface Handover {
  readonly assignment: Omit<Assignment, 'threads'>
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Why a format could not be made. */
  readonly missing: ReadonlyMap<ModelFormat, string>
}

/** A format's files, by their names inside of its folder. */
type Files = ReadonlyMap<string, Uint8Array>

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** One picture of a batch. */
function pictureOf(input: Float32Array, batch: number, index: number): Float32Array {
  const length = input.length / batch
  return input.subarray(index * length, (index + 1) * length)
}

function bytesOf(rows: readonly Float32Array[]): Uint8Array {
  return new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer)
}

function softmax(logits: Float32Array): Float32Array {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

const int8File = 'tf2_mobilenet_v2_1.0_224_ptq.tflite'

/** The full-integer file, and what its weights give in float32: LiteRT's answer in eight bits must come near to that. */
async function fullInteger(
  architecture: Architecture,
  pictures: readonly Float32Array[],
): Promise<{ files: Files; expected: Float32Array[] }> {
  const folder = process.env.MOBILENETV2_MODELS
  if (folder === undefined) throw new Error(`MOBILENETV2_MODELS is not set: it names the folder with ${int8File}`)
  const path = join(folder, int8File)
  const bytes = await readFile(path)
  const checkpoint = await openCheckpoint(path)
  const own = defineMobileNetV2(inferOptions(checkpoint).options)
  const [wanted, has] = [architecture.input, own.input]
  if (wanted.height !== has.height || wanted.width !== has.width) throw new Error(`${int8File} is for ${has.width} x ${has.height}`)
  const model = await wasm().compile(own, toParameters(checkpoint, own))
  const expected: Float32Array[] = []
  for (const picture of pictures) expected.push(softmax((await model.run(picture)).logits))
  model.dispose()
  return { files: new Map([['model.tflite', bytes]]), expected }
}

/** transformers.js tells the architecture from `config.json`; everything else is in the ONNX file. */
function transformersFiles(architecture: Architecture, onnx: Uint8Array): Files {
  return new Map([
    [
      'config.json',
      encode({
        model_type: 'mobilenet_v2',
        architectures: ['MobileNetV2ForImageClassification'],
        num_labels: architecture.classes,
      }),
    ],
    ['onnx/model.onnx', onnx],
  ])
}

function tfjsFiles(architecture: Architecture, parameters: Parameters): Files {
  const { modelJson, shards } = toTfjs(architecture, parameters)
  return new Map([['model.json', encode(modelJson)], ...shards.map(({ name, bytes }) => [name, bytes] as const)])
}

/** The pictures come as tensors, so that what a file says of preparing them is read by nobody. */
const unprepared: Omit<ModelDescription, 'options'> = {
  family: 'TensorFlow',
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  backgroundClass: null,
}

function exportAs(format: Exclude<ModelFormat, 'int8'>, { architecture, parameters, options }: Subject): Files {
  switch (format) {
    case 'safetensors':
      return new Map([['model.safetensors', toSafetensors(parameters, { ...unprepared, options })]])
    case 'tflite':
      return new Map([['model.tflite', toTflite(architecture, parameters)]])
    case 'onnx':
      return new Map([['model.onnx', toOnnx(architecture, parameters)]])
    case 'tfjs':
      return tfjsFiles(architecture, parameters)
    case 'transformers':
      return transformersFiles(architecture, toOnnx(architecture, parameters))
    default:
      throw new Error(`unknown format ${format satisfies never}`)
  }
}

/** Exports the subject in every format asked for, and lets the reference executor say what the answers are. */
export async function makeHandover(subject: Subject, batch: number, formats: ReadonlySet<ModelFormat>): Promise<Handover> {
  const { architecture, parameters, options } = subject
  const input = seededInput(architecture, batch)
  const pictures = checkedPictures(batch).map((index) => pictureOf(input, batch, index))
  const files = new Map<string, Uint8Array>([
    [inputPath, new Uint8Array(input.buffer)],
    [expectedPaths.logits, bytesOf(pictures.map((picture) => runReference(architecture, parameters, picture).logits))],
  ])
  const models: Partial<Record<ModelFormat, string[]>> = {}
  const missing = new Map<ModelFormat, string>()
  const add = (format: ModelFormat, own: Files): void => {
    models[format] = [...own.keys()].map((name) => `${format}/${name}`)
    for (const [name, bytes] of own) files.set(`${format}/${name}`, bytes)
  }
  for (const format of formats) {
    try {
      if (format === 'int8') {
        const { files: own, expected } = await fullInteger(architecture, pictures)
        add(format, own)
        files.set(expectedPaths.probabilities, bytesOf(expected))
      } else add(format, exportAs(format, subject))
    } catch (error) {
      missing.set(format, messageOf(error))
    }
  }
  return { assignment: { options, picture: architecture.input, classes: architecture.classes, batch, models }, files, missing }
}

/** Writes files to a folder of their own, for processes to read. */
export async function writeToDisk(files: ReadonlyMap<string, Uint8Array>): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-bench-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { folder, remove }
}
