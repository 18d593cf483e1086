import { readFile } from 'node:fs/promises'
import { importOptional } from '../../contenders/import-optional.js'
import { float32Of, type OnnxRuntime } from '../../contenders/onnx-session.js'
import { clocked, indexOfLargest, type Way } from '../classifier.js'

/** The part of sharp that this bench uses. */
interface Sharp {
  resize(width: number, height: number, options: { fit: 'fill' }): Sharp
  removeAlpha(): Sharp
  raw(): Sharp
  toBuffer(): Promise<Buffer>
}

interface SharpModule {
  (file: string): Sharp
  readonly versions: { readonly sharp: string }
}

/** The usual program for an ONNX file: sharp resizes, a loop makes the planes, native ONNX Runtime computes. */
export const sharpOnnxRuntime: Way = {
  async open({ onnx, height, width, mean, deviation }) {
    const ort = await importOptional<OnnxRuntime & { readonly env: { readonly versions: { readonly node?: string } } }>(
      'onnxruntime-node',
    )
    const { default: sharp } = (await import('sharp')) as unknown as { default: SharpModule }
    const session = await ort.InferenceSession.create(await readFile(onnx), { intraOpNumThreads: 1, interOpNumThreads: 1 })
    const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[0]]
    const pixels = height * width
    return clocked(
      `native cpu, sharp ${sharp.versions.sharp}, onnxruntime-node ${ort.env.versions.node ?? ''}`.trim(),
      async (photo) => {
        const levels = await sharp(photo).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer()
        const planes = new Float32Array(3 * pixels)
        for (let channel = 0; channel < 3; channel++) {
          for (let pixel = 0; pixel < pixels; pixel++) {
            planes[channel * pixels + pixel] = (levels[pixel * 3 + channel]! / 255 - mean[channel]!) / deviation[channel]!
          }
        }
        const outputs = await session.run({ [inputName]: new ort.Tensor('float32', planes, [1, 3, height, width]) })
        return indexOfLargest(float32Of(outputs[outputName]))
      },
    )
  },
}
