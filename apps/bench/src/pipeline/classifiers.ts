import { readFile } from 'node:fs/promises'
import type { Preprocessing } from '@mobilenetv2/spec'
import { load } from 'mobilenetv2'
import { importOptional } from '../contenders/import-optional.js'
import { float32Of, type OnnxRuntime } from '../contenders/onnx-session.js'

/** One network in the files that the classifiers read. */
export interface PipelineModel {
  readonly safetensors: string
  readonly onnx: string
  readonly height: number
  readonly width: number
  readonly mean: Preprocessing['mean']
  readonly deviation: Preprocessing['deviation']
}

/** Goes the whole way from a picture's file to its answer, on one thread of its own and those that decode. */
export interface Classifier {
  readonly device: string
  /** The index of the likeliest output. */
  classify(file: string): Promise<number>
}

/** What this bench uses of sharp. */
interface Sharp {
  resize(width: number, height: number, options: { fit: 'fill' }): Sharp
  removeAlpha(): Sharp
  raw(): Sharp
  toBuffer(): Promise<Buffer>
}

type Open = (model: PipelineModel) => Promise<Classifier>

/** This project's front door, as its users write it. */
function own(backend: 'wasm' | 'onnxruntime', wide?: boolean): Open {
  return async ({ safetensors }) => {
    const model = await load(safetensors, { backend, threads: backend === 'wasm' ? 0 : 1, wide })
    const { background } = model.network.classes
    return {
      device: model.device,
      async classify(file) {
        const { index } = (await model.classify(file, { top: 1 }))[0]!
        return background !== null && index >= background ? index + 1 : index
      },
    }
  }
}

function indexOfLargest(values: Float32Array): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}

/** What people write who have an ONNX file: sharp resizes, a loop makes the planes, native ONNX Runtime computes. */
const sharpAndOnnxRuntime: Open = async ({ onnx, height, width, mean, deviation }) => {
  const ort = await importOptional<OnnxRuntime>('onnxruntime-node')
  const { default: sharp } = (await import('sharp')) as unknown as { default: (file: string) => Sharp }
  const session = await ort.InferenceSession.create(await readFile(onnx), { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[0]]
  const pixels = height * width
  return {
    device: 'native cpu',
    async classify(file) {
      const levels = await sharp(file).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer()
      const planes = new Float32Array(3 * pixels)
      for (let channel = 0; channel < 3; channel++) {
        for (let pixel = 0; pixel < pixels; pixel++) {
          planes[channel * pixels + pixel] = (levels[pixel * 3 + channel]! / 255 - mean[channel]!) / deviation[channel]!
        }
      }
      const outputs = await session.run({ [inputName]: new ort.Tensor('float32', planes, [1, 3, height, width]) })
      return indexOfLargest(float32Of(outputs[outputName]))
    },
  }
}

export type ClassifierName = 'wasm' | 'wasm-256' | 'onnxruntime' | 'sharp + onnxruntime-node'

const classifiers: Readonly<Record<ClassifierName, Open>> = {
  wasm: own('wasm'),
  'wasm-256': own('wasm', true),
  onnxruntime: own('onnxruntime'),
  'sharp + onnxruntime-node': sharpAndOnnxRuntime,
}

/** What all others are compared with. */
export const peer: ClassifierName = 'sharp + onnxruntime-node'

export const classifierNames: readonly ClassifierName[] = Object.keys(classifiers) as ClassifierName[]

/** @throws Error if what it needs is not installed, or not in this engine */
export function openClassifier(name: ClassifierName, model: PipelineModel): Promise<Classifier> {
  return classifiers[name](model)
}
