/**
 * Every kind of file that is read or refused, as plain data: `kinds.node.test.ts` runs all of it, and `scripts/checkpoint-docs.mjs` writes
 * the tables of docs/checkpoints.md from it. Goldens lie in `goldens` with their producers' answers beside them.
 */

import type { ToNetworkOptions } from '../src/index.js'
import type { GoldenChange, MadeFile } from './support/refused-files.js'

/**
 * What the JSON of a golden contains: logits, probabilities after a softmax or sigmoids, the logarithms of a log-softmax, or pooled
 * features.
 */
export type AnswerKind = 'logits' | 'probabilities' | 'logProbabilities' | 'features'

export interface ReadKind {
  /** The format, as users call it. */
  readonly format: string
  /** What the file is, and which part of it is read. */
  readonly kind: string
  /** The golden; `a#b` is the file b inside of the zip a. */
  readonly golden: string
  /** The golden's JSON without `.json`; the golden's own name up to its first dot unless given. */
  readonly answers?: string
  /** Which of the JSON's answers; `logits` unless given. A dot leads into an object. */
  readonly output?: `${AnswerKind}${'' | `.${string}`}` | 'ema'
  /** The name under which the file is read; the golden's name unless given. */
  readonly file?: string
  /** Files beside it: the name that is asked for, and the golden. */
  readonly beside?: Readonly<Record<string, string>>
  readonly options?: ToNetworkOptions
  /** The largest difference from the producer, as a part of the largest answer. */
  readonly largest: number
  /** For quantised files: the largest difference from the result of the producer's integer arithmetic. */
  readonly largestFromIntegers?: number
  /** What is assumed because the file does not say it, in words for users, each with a part of its sentence in `reasons`. */
  readonly assumed: readonly (readonly [text: string, reason: string])[]
  /** Parts of the network's `classes`, `options` and `preprocessing` that are worth telling. */
  readonly expected?: {
    readonly output?: 'softmax' | 'sigmoid' | 'logits'
    readonly labels?: readonly string[]
    readonly mean?: number
    readonly options?: object
  }
}

const recipe = (whose: string, sentence: string): readonly [string, string] => [`${whose} recipe`, sentence]
const torchvision = recipe("torchvision's", "torchvision's recipe, as the file does not say")
const timm = recipe("timm's", "timm's recipe, as the file does not say")
const tensorflow = recipe("TensorFlow's", "the TensorFlow family's recipe, as the file does not say")
const teachable = recipe("Teachable Machine's", "Teachable Machine's recipe, as the names of its layers are in the file")
const range = ['values of -1 to 1', "mean 0.5, 0.5, 0.5: the TensorFlow family's recipe"] as const
const size = ['224 x 224', '224 x 224: the published size'] as const
const stride = ['stride 2', 'first convolution of stride 2: as published'] as const
const relu6 = ['ReLU6', 'activation relu6: as published'] as const
const averagePool = ['average pool', 'average pool: as published'] as const
const softmax = ['one class of several', 'several are read as one class of several'] as const
const weightsAlone = [size, stride, relu6, averagePool] as const

const float = 1e-4
const half = 1e-4

/** The kinds that are read. */
export const readKinds: readonly ReadKind[] = [
  {
    format: 'PyTorch `.pth`',
    kind: 'state dict of torchvision',
    golden: 'torchvision.pth',
    largest: float,
    assumed: [...weightsAlone, torchvision, softmax],
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'the same before PyTorch 1.6',
    golden: 'torchvision-legacy.pth',
    largest: float,
    assumed: [...weightsAlone, torchvision, softmax],
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'state dict of the note that this project implements',
    golden: 'note.pth',
    largest: float,
    assumed: [...weightsAlone, torchvision, softmax],
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'state dict of d-li14/mobilenetv2.pytorch',
    golden: 'd-li14.pth',
    largest: float,
    assumed: [...weightsAlone, torchvision, softmax],
  },
  {
    format: 'PyTorch `.pth`',
    kind: "a training's checkpoint: optimizer, arguments, `class_to_idx`; a head of two layers with BatchNorm",
    golden: 'training.pth',
    largest: float,
    assumed: [...weightsAlone, ['ReLU between dense layers', 'activation relu between'], torchvision, softmax],
    expected: { labels: ['daisy', 'rose', 'tulip'], options: { headLayers: [{ units: 12, activation: 'relu' }] } },
  },
  {
    format: 'PyTorch `.pth`',
    kind: "the averaged weights of the same, with `weights: 'ema'`",
    golden: 'training.pth',
    output: 'ema',
    options: { weights: 'ema' },
    largest: float,
    assumed: [...weightsAlone, ['ReLU between dense layers', 'activation relu between'], torchvision, softmax],
    expected: { labels: ['daisy', 'rose', 'tulip'] },
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'a whole module, `torch.save(model)`, with one output',
    golden: 'module.pth',
    largest: float,
    assumed: [size, torchvision, ['one output is a probability', 'one output is read as the probability']],
    expected: { output: 'logits' },
  },
  {
    format: 'PyTorch `.pth`',
    kind: "torchvision's quantizable network after `fuse_model`, before quantisation",
    golden: 'fused.pth',
    largest: float,
    assumed: [size, stride, ['ReLU', 'PyTorch fuses and quantises no ReLU6'], averagePool, torchvision, softmax],
    expected: { options: { activation: 'relu' } },
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'a first convolution of one channel, trained on -1 to 1',
    golden: 'grey.pth',
    options: { preprocessing: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } },
    largest: float,
    assumed: [...weightsAlone, softmax],
  },
  {
    format: 'PyTorch `.pth`',
    kind: 'features alone, `model.features.state_dict()`',
    golden: 'features.pth',
    output: 'features',
    largest: float,
    assumed: [...weightsAlone, torchvision],
    expected: { options: { classes: 0 } },
  },
  {
    format: 'TorchScript `.pt`',
    kind: '`torch.jit.trace`',
    golden: 'traced.pt',
    largest: float,
    assumed: [size, averagePool, torchvision, softmax],
  },
  {
    format: 'safetensors',
    kind: 'timm, bfloat16',
    golden: 'timm-bf16.safetensors',
    largest: half,
    assumed: [...weightsAlone, timm, softmax],
  },
  {
    format: 'safetensors',
    kind: "timm's deeper networks, float16",
    golden: 'timm-deep-f16.safetensors',
    largest: half,
    assumed: [...weightsAlone, timm, softmax],
  },
  {
    format: 'safetensors',
    kind: 'timm with `num_classes=0`',
    golden: 'timm-headless.safetensors',
    output: 'features',
    largest: half,
    assumed: [...weightsAlone, timm],
    expected: { options: { classes: 0 } },
  },
  {
    format: 'safetensors',
    kind: 'timm with `features_only=True`: no last convolution',
    golden: 'timm-features.safetensors',
    output: 'features',
    largest: half,
    assumed: [...weightsAlone, timm],
    expected: { options: { classes: 0, headChannels: 0 } },
  },
  {
    format: 'safetensors',
    kind: 'MobileNetV2 of transformers, alone',
    golden: 'huggingface.safetensors',
    largest: float,
    assumed: [...weightsAlone, recipe("google/mobilenet_v2's", "google/mobilenet_v2's recipe"), softmax],
  },
  {
    format: 'safetensors',
    kind: 'MobileNetV1 of transformers, with `config.json` beside it',
    golden: 'huggingface-v1.safetensors',
    file: 'model.safetensors',
    beside: { 'config.json': 'huggingface-v1.config.json' },
    largest: float,
    assumed: [stride, averagePool, recipe("google/mobilenet_v2's", "google/mobilenet_v2's recipe"), softmax],
    expected: { labels: ['cat', 'dog', 'naïve bird', 'fish'], options: { family: 'MobileNetV1', height: 64, width: 64 } },
  },
  {
    format: 'NumPy `.npz`',
    kind: "TF-slim's variables, with moving averages",
    golden: 'slim.npz',
    largest: float,
    assumed: [...weightsAlone, tensorflow, softmax],
  },
  {
    format: 'ONNX',
    kind: '`torch.onnx.export`, BatchNorm folded',
    golden: 'onnx-folded.onnx',
    largest: float,
    assumed: [torchvision, softmax],
  },
  {
    format: 'ONNX',
    kind: '`torch.onnx.export`, BatchNorm as it is',
    golden: 'onnx-batch-norm.onnx',
    largest: float,
    assumed: [torchvision, softmax],
  },
  {
    format: 'ONNX',
    kind: 'a maximum pool, a hidden layer under GELU, several sigmoids',
    golden: 'onnx-multilabel.onnx',
    output: 'probabilities',
    largest: float,
    assumed: [torchvision],
    expected: { output: 'sigmoid', options: { pool: 'max', headLayers: [{ units: 12, activation: 'gelu' }] } },
  },
  {
    format: 'ONNX',
    kind: 'the last map flattened, hidden layers under SiLU, leaky ReLU and ELU, a log-softmax',
    golden: 'onnx-flatten.onnx',
    output: 'logProbabilities',
    largest: float,
    assumed: [torchvision],
    expected: { output: 'softmax', options: { pool: 'none' } },
  },
  {
    format: 'ONNX',
    kind: 'tf2onnx of a Keras 2 model',
    golden: 'tf2onnx.onnx',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'ONNX, quantised',
    kind: 'QuantizeLinear and DequantizeLinear',
    golden: 'onnx-qdq.onnx',
    largest: float,
    largestFromIntegers: 0.2,
    assumed: [torchvision, softmax],
  },
  {
    format: 'ONNX, quantised',
    kind: 'QLinear operators',
    golden: 'onnx-qoperator.onnx',
    largest: float,
    largestFromIntegers: 0.2,
    assumed: [torchvision, softmax],
  },
  {
    format: 'ONNX, quantised',
    kind: 'scales computed at run time',
    golden: 'onnx-dynamic.onnx',
    largest: float,
    largestFromIntegers: 0.06,
    assumed: [torchvision, softmax],
  },
  {
    format: 'Keras `.h5`',
    kind: 'Keras 3, the whole network',
    golden: 'keras3.h5',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'Keras `.h5`',
    kind: 'Keras 2, `preprocess_input` inside, a model in a model',
    golden: 'keras2.h5',
    largest: float,
    assumed: [tensorflow, softmax],
    expected: { mean: 0.5 },
  },
  {
    format: 'Keras `.h5`',
    kind: '`Rescaling` inside, one output with a sigmoid',
    golden: 'keras-sigmoid.h5',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow],
    expected: { output: 'sigmoid', mean: 0.5 },
  },
  {
    format: 'Keras `.h5`',
    kind: 'MobileNetV1',
    golden: 'keras-v1.h5',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax', options: { family: 'MobileNetV1' } },
  },
  {
    format: '`.keras`',
    kind: 'Keras 3, the whole network',
    golden: 'keras3.keras',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: '`.keras`',
    kind: 'Keras 2',
    golden: 'keras2.keras',
    largest: float,
    assumed: [tensorflow, softmax],
    expected: { mean: 0.5 },
  },
  {
    format: '`.keras`',
    kind: 'the last map flattened, a hidden layer, BatchNorm after it',
    golden: 'keras-flatten.keras',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax', options: { pool: 'none', headLayers: [{ units: 12, activation: 'relu' }] } },
  },
  {
    format: '`.weights.h5`',
    kind: 'Keras 3, weights alone',
    golden: 'keras3.keras#model.weights.h5',
    answers: 'keras3',
    file: 'keras3.weights.h5',
    largest: float,
    assumed: [...weightsAlone, tensorflow, range, softmax],
  },
  {
    format: '`.weights.h5`',
    kind: 'Keras 2, weights alone',
    golden: 'keras2.keras#model.weights.h5',
    answers: 'keras2',
    file: 'keras2.weights.h5',
    largest: float,
    assumed: [...weightsAlone, tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow SavedModel',
    kind: '`model.export` of Keras 3',
    golden: 'tensorflow-keras3-saved_model.pb',
    answers: 'tensorflow-keras3',
    file: 'saved_model.pb',
    beside: {
      'variables/variables.index': 'tensorflow-keras3-variables.index',
      'variables/variables.data-00000-of-00001': 'tensorflow-keras3-variables.data-00000-of-00001',
    },
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow SavedModel',
    kind: '`model.save` of Keras 2',
    golden: 'tensorflow-keras2-saved_model.pb',
    answers: 'tensorflow-keras2',
    file: 'saved_model.pb',
    beside: {
      'variables/variables.index': 'tensorflow-keras2-variables.index',
      'variables/variables.data-00000-of-00001': 'tensorflow-keras2-variables.data-00000-of-00001',
    },
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow `.pb`',
    kind: 'a frozen graph',
    golden: 'tensorflow-frozen.pb',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow checkpoint',
    kind: '`tf.train.Checkpoint` of a Keras model and its optimizer',
    golden: 'tensorflow-checkpoint.index',
    beside: { 'tensorflow-checkpoint.data-00000-of-00001': 'tensorflow-checkpoint.data-00000-of-00001' },
    largest: float,
    assumed: [...weightsAlone, tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow checkpoint',
    kind: "TF-slim's, of TensorFlow 1",
    golden: 'tensorflow-slim.index',
    beside: { 'tensorflow-slim.data-00000-of-00001': 'tensorflow-slim.data-00000-of-00001' },
    largest: float,
    assumed: [...weightsAlone, tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow.js `model.json`',
    kind: 'a layers-model, uint8',
    golden: 'tfjs-layers-uint8.json',
    answers: 'tfjs-layers',
    output: 'logits.uint8',
    beside: { 'tfjs-layers-uint8-shard1of1.bin': 'tfjs-layers-uint8-shard1of1.bin' },
    largest: float,
    assumed: [teachable],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow.js `model.json`',
    kind: 'a layers-model, uint16, in several files',
    golden: 'tfjs-layers-uint16.json',
    answers: 'tfjs-layers',
    output: 'logits.uint16',
    beside: {
      'tfjs-layers-uint16-shard1of2.bin': 'tfjs-layers-uint16-shard1of2.bin',
      'tfjs-layers-uint16-shard2of2.bin': 'tfjs-layers-uint16-shard2of2.bin',
    },
    largest: float,
    assumed: [teachable],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow.js `model.json`',
    kind: 'a layers-model, float16',
    golden: 'tfjs-layers-float16.json',
    answers: 'tfjs-layers',
    output: 'logits.float16',
    beside: { 'tfjs-layers-float16-shard1of1.bin': 'tfjs-layers-float16-shard1of1.bin' },
    largest: float,
    assumed: [teachable],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow.js `model.json`',
    kind: 'Teachable Machine, with `weights.bin` and `metadata.json`',
    golden: 'teachable-machine.model.json',
    file: 'model.json',
    output: 'probabilities',
    beside: { 'weights.bin': 'teachable-machine.weights.bin', 'metadata.json': 'teachable-machine.metadata.json' },
    largest: float,
    assumed: [],
    expected: { output: 'softmax', labels: ['manga', 'photo', 'naïve sketch'] },
  },
  {
    format: 'TensorFlow Lite',
    kind: 'float32',
    golden: 'float.tflite',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax' },
  },
  {
    format: 'TensorFlow Lite',
    kind: 'float16 weights',
    golden: 'float16.tflite',
    largest: float,
    assumed: [tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow Lite',
    kind: 'one output with a sigmoid, `Rescaling` to -1 to 1 inside',
    golden: 'sigmoid.tflite',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow],
    expected: { output: 'sigmoid', mean: 0.5 },
  },
  {
    format: 'TensorFlow Lite',
    kind: '`Rescaling` by 1/255, folded into the first kernel',
    golden: 'rescaled.tflite',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, ['levels of 0 to 255', 'its input must be levels of 0 to 255']],
    expected: { output: 'softmax', mean: 0 },
  },
  {
    format: 'TensorFlow Lite',
    kind: "Edge Impulse's head: no pool, a dense layer at each position",
    golden: 'edge-impulse.tflite',
    output: 'probabilities',
    largest: float,
    assumed: [tensorflow, range],
    expected: { output: 'softmax', options: { pool: 'none', positionLayers: [{ units: 16, activation: 'relu' }] } },
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: 'int8 weights, float activations',
    golden: 'dynamic-range.tflite',
    largest: float,
    largestFromIntegers: 0.02,
    assumed: [tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: 'int8 weights, int16 activations',
    golden: 'int16.tflite',
    largest: float,
    largestFromIntegers: 0.02,
    assumed: [tensorflow, range, softmax],
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: 'int8, with an int8 input that is given levels less 128',
    golden: 'int8.tflite',
    output: 'probabilities',
    largest: float,
    largestFromIntegers: 0.15,
    assumed: [tensorflow],
    expected: { output: 'softmax', mean: 0.5 },
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: 'int8 with a float input, `Rescaling` by 1/255 folded into the first rounding',
    golden: 'rescaled-int8.tflite',
    output: 'probabilities',
    largest: float,
    largestFromIntegers: 0.15,
    assumed: [tensorflow],
    expected: { output: 'softmax', mean: 0 },
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: "Edge Impulse's head, int8",
    golden: 'edge-impulse-int8.tflite',
    output: 'probabilities',
    largest: float,
    largestFromIntegers: 0.15,
    assumed: [tensorflow],
    expected: { output: 'softmax', options: { pool: 'none' } },
  },
  {
    format: 'TensorFlow Lite, quantised',
    kind: 'MobileNetV1, int8',
    golden: 'v1-int8.tflite',
    output: 'probabilities',
    largest: float,
    largestFromIntegers: 0.2,
    assumed: [tensorflow],
    expected: { output: 'softmax', options: { family: 'MobileNetV1' } },
  },
]

/** The input for a kind that is refused: a text, a file that is made for the test, or a golden, perhaps changed. */
export type RefusedInput =
  | { readonly text: string }
  | { readonly made: MadeFile }
  | { readonly golden: string; readonly change: GoldenChange }
  | { readonly golden: string; readonly beside: Readonly<Record<string, string>> }

export interface RefusedKind {
  /** What the file is, as users say it. */
  readonly kind: string
  readonly input: RefusedInput
  /** The name that the file is given under. */
  readonly file: string
  /** The code of the error. */
  readonly code: 'CHECKPOINT'
  /** A part of the message: what it says about the file. */
  readonly says: string
  /** What users can do. */
  readonly wayOut: string
  /** A part of what the message says to do; empty if its `expected` says it. */
  readonly remedy: string
}

const onlyClassifiers = { code: 'CHECKPOINT', wayOut: 'only classifiers and feature extractors are read', remedy: 'Only' } as const
const exportAgain = 'give the model that it was converted from, or an ONNX export of it'

/** The kinds that are refused. */
export const refusedKinds: readonly RefusedKind[] = [
  {
    kind: 'a web page in place of a file',
    input: { text: '<!DOCTYPE html><html><head>' },
    file: 'model.pth',
    code: 'CHECKPOINT',
    says: 'an HTML page',
    wayOut: 'give the address of the file itself: `/resolve/` in place of `/blob/` on huggingface.co, `/raw/` on github.com',
    remedy: '/resolve/',
  },
  {
    kind: "a server's XML error",
    input: { text: '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>' },
    file: 'model.pth',
    code: 'CHECKPOINT',
    says: 'an XML document',
    wayOut: 'open the address in a browser',
    remedy: 'browser',
  },
  {
    kind: 'a pointer of Git LFS',
    input: { text: 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n' },
    file: 'model.safetensors',
    code: 'CHECKPOINT',
    says: 'a Git LFS pointer',
    wayOut: '`git lfs pull`',
    remedy: 'git lfs pull',
  },
  {
    kind: '`weights.bin` or a shard in place of `model.json`',
    input: { text: '\u0000\u0001\u0080\u00ff' },
    file: 'weights.bin',
    code: 'CHECKPOINT',
    says: 'weights without their description',
    wayOut: 'give `model.json`',
    remedy: 'model.json',
  },
  {
    kind: "Teachable Machine's `metadata.json` in place of `model.json`",
    input: { text: '{"tfjsVersion":"1.3.1","packageName":"@teachablemachine/image"}' },
    file: 'metadata.json',
    code: 'CHECKPOINT',
    says: "Teachable Machine's metadata.json",
    wayOut: 'give `model.json`',
    remedy: 'Give model.json',
  },
  {
    kind: '`config.json` in place of the weights',
    input: { text: '{"model_type":"mobilenet_v2","id2label":{}}' },
    file: 'config.json',
    code: 'CHECKPOINT',
    says: 'a configuration, not a model',
    wayOut: 'give `model.safetensors`, or the folder',
    remedy: 'model.safetensors',
  },
  {
    kind: "a Keras model's configuration (`to_json`)",
    input: { text: '{"class_name":"Functional","config":{}}' },
    file: 'model.json',
    code: 'CHECKPOINT',
    says: 'without weights',
    wayOut: 'save the whole model, as `.keras` or `.h5`',
    remedy: '.keras',
  },
  {
    kind: 'OpenVINO',
    input: { text: '<?xml version="1.0"?>\n<net name="m" version="11">' },
    file: 'model.xml',
    code: 'CHECKPOINT',
    says: 'an OpenVINO model',
    wayOut: exportAgain,
    remedy: 'ONNX',
  },
  {
    kind: 'Core ML',
    input: { text: '\u0008\u0004\u0012\u0001\u0000\u00a2\u001f\u0002\u0000\u0000' },
    file: 'model.mlmodel',
    code: 'CHECKPOINT',
    says: 'a Core ML model',
    wayOut: exportAgain,
    remedy: 'ONNX',
  },
  {
    kind: 'NCNN',
    input: { text: '7767517\n75 83\n' },
    file: 'model.param',
    code: 'CHECKPOINT',
    says: 'an NCNN model',
    wayOut: exportAgain,
    remedy: 'ONNX',
  },
  {
    kind: "ONNX Runtime's own format (`.ort`)",
    input: { text: ' \u0000\u0000\u0000ORTM' },
    file: 'model.ort',
    code: 'CHECKPOINT',
    says: "ONNX Runtime's own format",
    wayOut: 'give the `.onnx` that it was made from',
    remedy: '.onnx',
  },
  {
    kind: 'TensorFlow Lite, compiled for the Edge TPU',
    input: { made: 'an Edge TPU model' },
    file: 'model_edgetpu.tflite',
    code: 'CHECKPOINT',
    says: 'compiled for the Edge TPU',
    wayOut: 'give the file without `_edgetpu` in its name',
    remedy: 'without _edgetpu',
  },
  {
    kind: 'a SavedModel without its folder `variables`',
    input: { golden: 'tensorflow-keras2-saved_model.pb', beside: {} },
    file: 'saved_model.pb',
    code: 'CHECKPOINT',
    says: 'The weights of this SavedModel are not beside it',
    wayOut: 'keep the folder together, and give the folder',
    remedy: 'variables',
  },
  {
    kind: 'a TensorFlow checkpoint without its data',
    input: { golden: 'tensorflow-slim.index', beside: {} },
    file: 'model.ckpt-7.index',
    code: 'CHECKPOINT',
    says: 'The file that holds the weights of this checkpoint is not there',
    wayOut: 'keep `.index` and `.data-00000-of-00001` together',
    remedy: 'in one folder',
  },
  {
    kind: '`model.json` without its shards',
    input: { golden: 'tfjs-layers-uint8.json', beside: {} },
    file: 'model.json',
    code: 'CHECKPOINT',
    says: 'A file of this model is not there',
    wayOut: 'keep them beside `model.json`',
    remedy: '',
  },
  {
    kind: 'parameters without the statistics of BatchNorm (`named_parameters()`)',
    input: { golden: 'torchvision.pth', change: 'no statistics' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'not whole',
    wayOut: 'save `model.state_dict()`',
    remedy: 'state_dict()',
  },
  {
    kind: 'a network of which a part is missing',
    input: { golden: 'torchvision.pth', change: 'a block less' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'not whole',
    wayOut: 'save the whole state dict',
    remedy: 'the whole state dict',
  },
  {
    kind: 'several networks, such as teacher and student',
    input: { golden: 'torchvision.pth', change: 'teacher and student' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'more than one network',
    wayOut: "name one: `{ weights: 'student.' }`",
    remedy: 'option weights',
  },
  {
    kind: 'an encoder inside of a segmentation network',
    input: { golden: 'torchvision.pth', change: 'a decoder' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'a part of a larger network',
    wayOut: 'save the encoder alone',
    remedy: 'the encoder alone',
  },
  {
    kind: 'ONNX that resizes its maps: segmentation, detectors',
    input: { made: 'an ONNX model that resizes' },
    file: 'model.onnx',
    says: 'segmentation',
    ...onlyClassifiers,
  },
  {
    kind: 'an object detector, SSD in TensorFlow Lite',
    input: { made: 'an SSD' },
    file: 'model.tflite',
    says: 'an object detector (SSD)',
    ...onlyClassifiers,
  },
  {
    kind: 'answers at each position, as of FOMO',
    input: { golden: 'float16.tflite', change: 'no pool' },
    file: 'float16.tflite',
    code: 'CHECKPOINT',
    says: 'such as FOMO',
    wayOut: 'only classifiers and feature extractors are read',
    remedy: '',
  },
  {
    kind: 'MobileNetV3, EfficientNet and others with squeeze-and-excitation',
    input: { golden: 'torchvision.pth', change: 'squeeze-and-excitation' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'squeeze-and-excitation',
    wayOut: 'only MobileNetV2 and MobileNetV1 are read',
    remedy: 'Only MobileNetV2',
  },
  {
    kind: 'a first convolution of four channels',
    input: { golden: 'torchvision.pth', change: 'four channels' },
    file: 'torchvision.pth',
    code: 'CHECKPOINT',
    says: 'one or three channels',
    wayOut: 'none: a picture has no fourth channel that a network could be given',
    remedy: 'no other channels',
  },
  {
    kind: 'an output stride below 32 (`config.json` of transformers)',
    input: { golden: 'huggingface.safetensors', beside: { 'config.json': '{"model_type":"mobilenet_v2","output_stride":16}' } },
    file: 'model.safetensors',
    code: 'CHECKPOINT',
    says: 'not a MobileNet as published',
    wayOut: 'none: such a network is not run',
    remedy: '',
  },
  {
    kind: 'a hidden layer under an activation that is not run, such as PReLU',
    input: { golden: 'keras-flatten.keras', change: 'an unknown activation' },
    file: 'keras-flatten.keras',
    code: 'CHECKPOINT',
    says: 'an activation that is not known',
    wayOut: 'train the head with another: the error lists them',
    remedy: '',
  },
]
