import type { Network } from 'mobilenetv2'

/** The formats that a taught model can be saved in. */
export const formats = {
  safetensors: { title: 'safetensors', file: 'my-model.safetensors', runs: 'for this library, in a page or in Node' },
  onnx: { title: 'ONNX', file: 'my-model.onnx', runs: 'for ONNX Runtime' },
  tflite: { title: 'TensorFlow Lite', file: 'my-model.tflite', runs: 'for LiteRT, on phones and in Python' },
  tfjs: { title: 'TensorFlow.js', file: 'my-model.zip', runs: 'for the library of this name, as a zip' },
} as const

export type Format = keyof typeof formats

/** What the code needs to know of the network that is saved. */
export interface Saved {
  readonly labels: readonly string[]
  readonly preprocessing: Network['preprocessing']
  readonly height: number
  readonly width: number
}

const own = (file: string): string => `import { load } from 'mobilenetv2'

const model = await load('${file}')
const answers = await model.classify(document.querySelector('img'))
console.log(answers[0].label, answers[0].probability)`

const listOf = (values: readonly number[]): string => `[${values.map((value) => Number(value.toFixed(6))).join(', ')}]`

/** The part of the picture that the network sees, as expressions of the picture's sides. */
function cutOf({ preprocessing: { geometry }, height, width }: Saved): { readonly across: string; readonly down: string } {
  switch (geometry.kind) {
    case 'shorterSide': {
      const share = (side: number): string => `shorter${side === geometry.size ? '' : ` * ${side} / ${geometry.size}`}`
      return { across: share(width), down: share(height) }
    }
    case 'centralFraction':
      return { across: `width * ${geometry.fraction}`, down: `height * ${geometry.fraction}` }
    case 'stretch':
      return { across: 'width', down: 'height' }
    default:
      return geometry satisfies never
  }
}

/** Lines that draw the middle of an `img` on a canvas and give its levels, 0 to 255. */
function pixelLines(saved: Saved): string {
  const { across, down } = cutOf(saved)
  const size = `${saved.width}, ${saved.height}`
  return `const image = document.querySelector('img')
const { naturalWidth: width, naturalHeight: height } = image
${across.startsWith('shorter') ? 'const shorter = Math.min(width, height)\n' : ''}const [across, down] = [${across}, ${down}]
const context = new OffscreenCanvas(${size}).getContext('2d')
context.drawImage(image, (width - across) / 2, (height - down) / 2, across, down, 0, 0, ${size})
const pixels = context.getImageData(0, 0, ${size})`
}

const labelLine = ({ labels }: Saved): string => `const labels = ${JSON.stringify(labels)}`

function onnxCode(saved: Saved): string {
  const { height, width, preprocessing } = saved
  return `import { InferenceSession, Tensor } from 'onnxruntime-web'

${labelLine(saved)}
const session = await InferenceSession.create('${formats.onnx.file}')
${pixelLines(saved)}
const mean = ${listOf(preprocessing.mean)}
const deviation = ${listOf(preprocessing.deviation)}
const input = Float32Array.from({ length: 3 * ${height * width} }, (_, at) => {
  const channel = Math.floor(at / ${height * width})
  return (pixels.data[4 * (at % ${height * width}) + channel] / 255 - mean[channel]) / deviation[channel]
})
const { logits } = await session.run({ input: new Tensor('float32', input, [1, 3, ${height}, ${width}]) })
console.log(labels[logits.data.indexOf(Math.max(...logits.data))])`
}

function tfjsCode(saved: Saved): string {
  const { preprocessing } = saved
  return `import * as tf from '@tensorflow/tfjs'

// The zip, unpacked.
const model = await tf.loadGraphModel('my-model/model.json')
${labelLine(saved)}
${pixelLines(saved)}
const levels = tf.expandDims(tf.browser.fromPixels(pixels))
const input = tf.div(tf.sub(tf.div(levels, 255), ${listOf(preprocessing.mean)}), ${listOf(preprocessing.deviation)})
const logits = await model.predict(input).data()
console.log(labels[logits.indexOf(Math.max(...logits))])`
}

function tfliteCode(saved: Saved): string {
  const { mean, deviation } = saved.preprocessing
  const { across, down } = cutOf(saved)
  return `# pip install ai-edge-litert pillow numpy
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

labels = ${JSON.stringify(saved.labels)}
interpreter = Interpreter('${formats.tflite.file}')
interpreter.allocate_tensors()
image = Image.open('photo.jpg').convert('RGB')
width, height = image.size
${across.startsWith('shorter') ? 'shorter = min(width, height)\n' : ''}across, down = ${across}, ${down}
left, top = (width - across) / 2, (height - down) / 2
image = image.resize((${saved.width}, ${saved.height}), Image.Resampling.BILINEAR, (left, top, left + across, top + down))
pixels = (np.asarray(image) / 255 - ${listOf(mean)}) / ${listOf(deviation)}
interpreter.set_tensor(interpreter.get_input_details()[0]['index'], pixels[None].astype(np.float32))
interpreter.invoke()
scores = interpreter.get_tensor(interpreter.get_output_details()[0]['index'])
print(labels[scores.argmax()])`
}

/** The code that answers what is on a picture with a saved file. */
export function codeFor(format: Format, saved: Saved): string {
  switch (format) {
    case 'safetensors':
      return own(formats.safetensors.file)
    case 'onnx':
      return onnxCode(saved)
    case 'tflite':
      return tfliteCode(saved)
    case 'tfjs':
      return tfjsCode(saved)
    default:
      return format satisfies never
  }
}
