import { join } from 'node:path'
import { toOnnx, toSafetensors } from '@mobilenetv2/weights'
import { type Network, readNetwork } from 'mobilenetv2'
import { writeToDisk } from '../handover.js'
import { type Files, jsonBytes, tfjsFiles, transformersFiles } from '../model-files.js'
import type { PipelineModel } from './classifier.js'

/** Pillow's number for its bilinear filter; the files of Hugging Face contain it. */
const bilinear = 2

/** The preprocessing of transformers.js: photos are stretched, as the other peers do it. */
function preprocessorOf({ architecture, preprocessing: { mean, deviation } }: Network): object {
  const { height, width } = architecture.input
  return {
    image_processor_type: 'MobileNetV2ImageProcessor',
    ...{ do_resize: true, size: { height, width }, resample: bilinear, do_center_crop: false },
    ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: true, image_mean: mean, image_std: deviation },
  }
}

function inFolder(folder: string, files: Files): [string, Uint8Array][] {
  return [...files].map(([name, bytes]) => [`${folder}/${name}`, bytes])
}

/** Writes a network to a new temporary folder, in the formats that the classifiers read. */
export async function writeModel(source: string): Promise<{ model: PipelineModel; remove(): Promise<void> }> {
  const network = await readNetwork(source)
  const onnx = toOnnx(network)
  const files = new Map([
    ['model.safetensors', toSafetensors(network)],
    ['model.onnx', onnx],
    ...inFolder('tfjs', tfjsFiles(network)),
    ...inFolder('transformers', transformersFiles(network.architecture, onnx)),
    ['transformers/preprocessor_config.json', jsonBytes(preprocessorOf(network))],
  ])
  const { folder, remove } = await writeToDisk(files)
  const { height, width } = network.architecture.input
  const { mean, deviation } = network.preprocessing
  const model = {
    ...{ source, height, width, mean, deviation },
    safetensors: join(folder, 'model.safetensors'),
    onnx: join(folder, 'model.onnx'),
    tfjs: join(folder, 'tfjs/model.json'),
    transformers: join(folder, 'transformers'),
  }
  return { model, remove }
}
