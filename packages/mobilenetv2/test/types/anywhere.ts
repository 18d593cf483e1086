// Code that needs neither a page nor Node. It is also compiled with the library of ECMAScript alone.
import { onnxruntime } from '@mobilenetv2/backend-onnxruntime'
import { simdLevel, wasm } from '@mobilenetv2/backend-wasm'
import { webgpu } from '@mobilenetv2/backend-webgpu'
import { normalise, pictureRoute, preprocess, resize } from '@mobilenetv2/image'
import {
  type Architecture,
  type Backend,
  defineMobileNetV2,
  isWeighted,
  type Parameters,
  parametersOf,
  summarize,
} from '@mobilenetv2/spec'
import { type Network, readCheckpoint, toOnnx, toSafetensors } from '@mobilenetv2/weights'
import { imagenetLabels } from '@mobilenetv2/zoo/labels'
import {
  type Answer,
  type CompileOptions,
  compile,
  type LayerId,
  type LayerTime,
  type LoadOptions,
  load,
  MobileNetV2Error,
  type Model,
  type RunInfo,
  readNetwork,
} from 'mobilenetv2'

export async function answers(bytes: Uint8Array): Promise<readonly Answer[]> {
  using model = await load(bytes, { backend: 'wasm', threads: 2, labels: await imagenetLabels() })
  const [best] = await model.classify({ data: new Uint8Array(12), width: 2, height: 2 })
  const index: number | undefined = best?.index
  const { logits, milliseconds } = await model.classify(bytes, { top: index, detailed: true })
  const vector: Float32Array = await model.embed('picture.jpg', { normalize: true })
  return logits.length > vector.length || milliseconds.network > 1 ? [] : model.classify(bytes)
}

/** Types that a user names must come from the front door: not every installer lets them import its dependencies. */
export async function inside(model: Model, layer: LayerId): Promise<readonly LayerTime[]> {
  await model.activation('picture.jpg', layer)
  const info: RunInfo = await model.embed('picture.jpg', { detailed: true })
  const { architecture, preprocessing } = model.network
  const route = pictureRoute(preprocessing, { width: 640, height: 480 }, architecture.input)
  return info.backend === 'webgpu' && route.window.width > 0 ? model.profile() : []
}

export async function inTwoSteps(bytes: ArrayBuffer): Promise<Model> {
  const network: Network = await readNetwork(bytes, { output: 'softmax', preprocessing: { interpolation: 'bicubic' } })
  const model = await compile(network, { backend: wasm({ threads: 0 }) })
  await model.use('webgpu', { precision: 'float16' })
  return model
}

export async function batch(model: Model): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const outcome of model.classifyBatch(['one.jpg', new Uint8Array()])) {
    lines.push('error' in outcome ? String(outcome.error) : `${outcome.answers[0]?.label}`)
  }
  return lines
}

export function backends(): readonly Backend[] {
  return [wasm(), webgpu({ precision: 'float32' }), onnxruntime({ providers: ['cuda', 'cpu'], threads: 4 })]
}

export async function parts(network: Network): Promise<Uint8Array> {
  const architecture: Architecture = defineMobileNetV2({ widthMultiplier: 0.5, classes: 10, padding: 'same' })
  const parameters: Parameters = network.parameters
  for (const layer of architecture.layers.filter(isWeighted)) parametersOf(parameters, layer)
  const compiled = await wasm().compile(architecture, parameters)
  const picture = resize(
    { data: new Uint8Array(12), width: 2, height: 2, channels: 3 },
    { width: 224, height: 224, interpolation: 'bilinear' },
  )
  const input = preprocess(picture, network.preprocessing, architecture.input)
  const { features } = await compiled.run(input, { batch: 1, outputs: ['features'] })
  normalise(new Uint8Array(3), network.preprocessing)
  const checkpoint = await readCheckpoint(toSafetensors(network, { dtype: 'F16' }))
  const text: string = `${summarize(architecture, { format: 'markdown' })} ${checkpoint.format} ${features.length} ${simdLevel()}`
  return text === '' ? toOnnx(network) : toSafetensors(network)
}

export function isNoModel(error: unknown): boolean {
  return error instanceof MobileNetV2Error && error.code === 'CHECKPOINT' && error.details.where !== undefined
}

/** An option that a caller passes on may be undefined. */
export async function mayBeMissing(given: {
  readonly threads?: number
  readonly top?: number
  readonly classes?: number
}): Promise<void> {
  const compiling: CompileOptions = { backend: undefined, threads: given.threads, precision: undefined }
  const loading: LoadOptions = { ...compiling, labels: undefined, preprocessing: undefined, signal: undefined, fetch: undefined }
  using model = await load(undefined, loading)
  await model.classify('picture.jpg', { top: given.top, threshold: undefined, detailed: undefined, signal: undefined })
  const architecture = defineMobileNetV2({ classes: given.classes, height: undefined, width: undefined, table: undefined })
  summarize(architecture, { batch: undefined, format: undefined })
  wasm({ threads: given.threads })
}

export async function refused(model: Model, network: Network, bytes: Uint8Array): Promise<void> {
  // @ts-expect-error A number is no picture.
  await model.classify(42)
  // @ts-expect-error An empty object is no picture.
  await model.classify({})
  // @ts-expect-error `null` is no picture.
  await model.embed(null)
  // @ts-expect-error There is no option `topp`.
  await model.classify(bytes, { topp: 3 })
  // @ts-expect-error A signal is no number.
  await model.classify(bytes, { signal: 5 })
  // @ts-expect-error One picture is no list of pictures.
  model.classifyBatch(5)
  // @ts-expect-error A number is no model.
  await load(42)
  // @ts-expect-error An empty object is no model.
  await readNetwork({})
  // @ts-expect-error The number of threads is no text.
  await load(bytes, { threads: '2' })
  // @ts-expect-error There is no option `thread`.
  await load(bytes, { thread: 2 })
  // @ts-expect-error There is no backend `webgl`.
  await load(bytes, { backend: 'webgl' })
  // @ts-expect-error A number is no list of labels.
  await load(bytes, { labels: 5 })
  // @ts-expect-error `fetch` is a function.
  await load('https://example.com/model.onnx', { fetch: 5 })
  // @ts-expect-error A network is read already.
  await compile(bytes)
  // @ts-expect-error The parts of a network are readonly.
  network.parameters = new Map()
  // @ts-expect-error The number of threads is no text.
  wasm({ threads: '2' })
  // @ts-expect-error There is no precision `int8`.
  webgpu({ precision: 'int8' })
  // @ts-expect-error A number is no device.
  webgpu({ device: 5 })
  // @ts-expect-error There is no provider `metal`.
  onnxruntime({ providers: ['metal'] })
  // @ts-expect-error There is no option `width_multiplier`.
  defineMobileNetV2({ width_multiplier: 0.5 })
  // @ts-expect-error There is no type `F8`.
  toSafetensors(network, { dtype: 'F8' })
}
