import type { BackendName } from 'mobilenetv2'
import type { ModelFormat, Where } from './contender.js'

/** This project's backends by their names in `mobilenetv2`; the executor on TensorFlow.js by the backend of TensorFlow.js. */
type OwnName = Exclude<BackendName, 'tfjs'> | 'wasm-int8' | 'tfjs-wasm' | 'tfjs-webgpu' | 'tfjs-cpu'

/** Other projects' runtimes. */
type PeerName =
  | 'litert-float'
  | 'litert-int8'
  | 'onnxruntime-web-wasm'
  | 'onnxruntime-web-webgpu'
  | 'onnxruntime-node'
  | 'tfjs-graph-wasm'
  | 'tfjs-graph-webgpu'
  | 'tfjs-graph-cpu'
  | 'tfjs-graph-node'
  | 'transformers.js'

export type ContenderName = OwnName | PeerName

/** The facts about a contender that are known before it is imported. */
export interface ContenderFacts {
  /** Its module in `contenders/`, without the file extension. */
  readonly module: string
  /** Its module in Node, if that differs. */
  readonly nodeModule?: string
  readonly places: readonly Where[]
  /** The places in which it can use more than one thread. */
  readonly threaded: readonly Where[]
  readonly model: ModelFormat
  /** Its package in this project, and the factory that the package exports; null for a peer. */
  readonly own: { readonly package: string; readonly factory: string } | null
  /** The files that its library fetches by itself in a page with this many threads: see `peers.ts`. */
  peerFiles(threads: number, where: Where): readonly string[]
  /** The third-party package that computes; null if none does. */
  readonly library: string | null
  /** A remark that the reports print with its figures. */
  readonly note?: string
}

const nodes = ['node', 'node-256'] as const
const chromiums = ['chromium', 'chromium-256'] as const
const pages = [...chromiums, 'firefox', 'webkit'] as const
const everywhere = [...nodes, ...pages] as const

const none = (): readonly string[] => []

/** LiteRT.js has a build without threads for WebKit, which has no relaxed SIMD. */
function litert(threads: number, where: Where): readonly string[] {
  const build = where === 'webkit' ? '_compat' : threads > 1 ? '_threaded' : ''
  return ['js', 'wasm'].map((ending) => `litert/litert_wasm${build}_internal.${ending}`)
}

function onnxruntimeWeb(build: string): readonly string[] {
  return ['mjs', 'wasm'].map((ending) => `onnxruntime-web/ort-wasm-simd-threaded${build}.${ending}`)
}

/** TensorFlow.js fetches its build with threads if memory can be shared; WebKit cannot share it here. */
function tfjsWasm(_threads: number, where: Where): readonly string[] {
  return [`tfjs-backend-wasm/tfjs-backend-wasm-${where === 'webkit' ? '' : 'threaded-'}simd.wasm`]
}

function own(packageName: string, factory: string): Pick<ContenderFacts, 'model' | 'own' | 'library' | 'peerFiles'> {
  return { model: 'safetensors', own: { package: `@mobilenetv2/${packageName}`, factory }, library: null, peerFiles: none }
}

const otherWeights = 'runs other weights, in eight bits and with a softmax; wasm-int8 and litert-int8 must agree in every bit'

/** All contenders, in their default order. Each is one row here and one module. */
const facts: Readonly<Record<ContenderName, ContenderFacts>> = {
  wasm: { ...own('backend-wasm', 'wasm'), module: 'wasm', places: everywhere, threaded: everywhere },
  'wasm-int8': {
    ...own('backend-wasm', 'wasm'),
    module: 'wasm-int8',
    places: everywhere,
    threaded: everywhere,
    model: 'int8',
    note: otherWeights,
  },
  webgpu: { ...own('backend-webgpu', 'webgpu'), module: 'webgpu', places: chromiums, threaded: [] },
  onnxruntime: {
    ...own('backend-onnxruntime', 'onnxruntime'),
    library: 'onnxruntime-node',
    module: 'onnxruntime',
    places: nodes,
    threaded: nodes,
  },
  'node-cuda': {
    ...own('backend-node-cuda', 'nodeCuda'),
    library: '@tensorflow/tfjs-node-gpu',
    module: 'node-cuda',
    places: nodes,
    threaded: [],
  },
  'tfjs-wasm': {
    ...own('tfjs', 'tfjs'),
    library: '@tensorflow/tfjs-backend-wasm',
    module: 'tfjs-wasm',
    places: everywhere,
    threaded: pages,
    peerFiles: tfjsWasm,
  },
  'tfjs-webgpu': {
    ...own('tfjs', 'tfjs'),
    library: '@tensorflow/tfjs-backend-webgpu',
    module: 'tfjs-webgpu',
    places: chromiums,
    threaded: [],
  },
  'tfjs-cpu': {
    ...own('tfjs', 'tfjs'),
    library: '@tensorflow/tfjs-backend-cpu',
    module: 'tfjs-cpu',
    places: everywhere,
    threaded: [],
  },
  'litert-float': {
    module: 'litert-float',
    places: pages,
    threaded: [...chromiums, 'firefox'],
    model: 'tflite',
    own: null,
    library: '@litertjs/core',
    peerFiles: litert,
  },
  'litert-int8': {
    module: 'litert-int8',
    places: pages,
    threaded: [...chromiums, 'firefox'],
    model: 'int8',
    own: null,
    library: '@litertjs/core',
    peerFiles: litert,
    note: otherWeights,
  },
  'onnxruntime-web-wasm': {
    module: 'onnxruntime-web-wasm',
    nodeModule: 'onnxruntime-web-node',
    places: everywhere,
    threaded: everywhere,
    model: 'onnx',
    own: null,
    library: 'onnxruntime-web',
    peerFiles: () => onnxruntimeWeb(''),
  },
  'onnxruntime-web-webgpu': {
    module: 'onnxruntime-web-webgpu',
    places: chromiums,
    threaded: [],
    model: 'onnx',
    own: null,
    library: 'onnxruntime-web',
    peerFiles: () => onnxruntimeWeb('.asyncify'),
  },
  'onnxruntime-node': {
    module: 'onnxruntime-node-session',
    places: nodes,
    threaded: nodes,
    model: 'onnx',
    own: null,
    library: 'onnxruntime-node',
    peerFiles: none,
  },
  'tfjs-graph-wasm': {
    module: 'tfjs-graph-wasm',
    places: everywhere,
    threaded: pages,
    model: 'tfjs',
    own: null,
    library: '@tensorflow/tfjs-backend-wasm',
    peerFiles: tfjsWasm,
  },
  'tfjs-graph-webgpu': {
    module: 'tfjs-graph-webgpu',
    places: chromiums,
    threaded: [],
    model: 'tfjs',
    own: null,
    library: '@tensorflow/tfjs-backend-webgpu',
    peerFiles: none,
  },
  'tfjs-graph-cpu': {
    module: 'tfjs-graph-cpu',
    places: everywhere,
    threaded: [],
    model: 'tfjs',
    own: null,
    library: '@tensorflow/tfjs-backend-cpu',
    peerFiles: none,
  },
  'tfjs-graph-node': {
    module: 'tfjs-graph-node',
    places: nodes,
    threaded: nodes,
    model: 'tfjs',
    own: null,
    library: '@tensorflow/tfjs-node',
    peerFiles: none,
  },
  'transformers.js': {
    module: 'transformers',
    places: nodes,
    threaded: nodes,
    model: 'transformers',
    own: null,
    library: '@huggingface/transformers',
    peerFiles: none,
  },
}

/** Whether a place is a page of a browser. */
export function isPage(where: Where): boolean {
  return (pages as readonly Where[]).includes(where)
}

export const contenderNames: readonly ContenderName[] = Object.keys(facts) as ContenderName[]

export function factsOf(name: ContenderName): ContenderFacts {
  return facts[name]
}

export function isContenderName(name: string): name is ContenderName {
  return Object.hasOwn(facts, name)
}
