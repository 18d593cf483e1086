import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Architecture } from '@mobilenetv2/spec'
import { runReference, seededInput } from '@mobilenetv2/testing'
import { type SafetensorsNetwork, toOnnx, toSafetensors, toTflite } from '@mobilenetv2/weights'
import { openBackend, readNetwork } from 'mobilenetv2'
import type { ModelFormat } from './contender.js'
import { quantizedSoftmax } from './eight-bits.js'
import { type Assignment, checkedPictures, expectedPaths, inputPath } from './jobs.js'
import { messageOf } from './message.js'
import { type Files, tfjsFiles, transformersFiles } from './model-files.js'
import type { Subject } from './subject.js'

/** What the contenders get: the models, the pictures, and the expected answers. */
export interface Handover {
  readonly assignment: Omit<Assignment, 'threads'>
  readonly files: ReadonlyMap<string, Uint8Array>
  /** For each format that could not be made: the reason. */
  readonly missing: ReadonlyMap<ModelFormat, string>
}

/** One picture of a batch. */
function pictureOf(input: Float32Array, batch: number, index: number): Float32Array {
  const length = input.length / batch
  return input.subarray(index * length, (index + 1) * length)
}

function bytesOf(rows: readonly Float32Array[]): Uint8Array {
  return new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer)
}

const int8File = 'tf2_mobilenet_v2_1.0_224_ptq.tflite'

/** The full-integer file, and the probabilities that its integers give. */
async function fullInteger(
  architecture: Architecture,
  pictures: readonly Float32Array[],
): Promise<{ files: Files; expected: Float32Array[] }> {
  const folder = process.env.MOBILENETV2_MODELS
  if (folder === undefined) throw new Error(`set MOBILENETV2_MODELS to the folder with ${int8File}`)
  const path = join(folder, int8File)
  const bytes = await readFile(path)
  const own = await readNetwork(path)
  const [wanted, has] = [architecture.input, own.architecture.input]
  if (wanted.height !== has.height || wanted.width !== has.width)
    throw new Error(`${int8File} takes pictures of ${has.width} x ${has.height} only`)
  const wasm = await openBackend('wasm', { precision: 'int8' })
  const model = await wasm.compile(own.architecture, own.parameters, own.integers)
  const { scale } = own.integers!.layers.get('classifier')!.output
  const expected: Float32Array[] = []
  for (const picture of pictures) expected.push(quantizedSoftmax((await model.run(picture)).logits, scale))
  model.dispose()
  return { files: new Map([['model.tflite', bytes]]), expected }
}

/** Placeholders: the contenders get tensors, so the file's preprocessing is never read. */
const unprepared: Pick<SafetensorsNetwork, 'preprocessing' | 'classes'> = {
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  classes: { labels: [], background: null, output: 'softmax' },
}

function exportAs(format: Exclude<ModelFormat, 'int8'>, subject: Subject): Files {
  switch (format) {
    case 'safetensors':
      return new Map([['model.safetensors', toSafetensors({ ...unprepared, ...subject })]])
    case 'tflite':
      return new Map([['model.tflite', toTflite(subject)]])
    case 'onnx':
      return new Map([['model.onnx', toOnnx(subject)]])
    case 'tfjs':
      return tfjsFiles(subject)
    case 'transformers':
      return transformersFiles(subject.architecture, toOnnx(subject))
    default:
      throw new Error(`unknown format ${format satisfies never}`)
  }
}

/** Exports the subject in every requested format, and computes the expected answers with the reference executor. */
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

/** Writes files to a new temporary folder, for child processes to read. */
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
