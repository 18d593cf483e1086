import type { ModelFormat, Where } from './contender.js'

/** What is known of a contender before it is imported. */
export interface ContenderFacts {
  /** Its module in `contenders/`, without the ending. */
  readonly module: string
  /** The module in Node, where it is another. */
  readonly nodeModule?: string
  readonly places: readonly Where[]
  /** The places in which it can use more than one thread. */
  readonly threaded: readonly Where[]
  readonly model: ModelFormat
  /** This project's package that exports a backend under the contender's name; null for a peer. */
  readonly own: string | null
  /** The files that its library fetches by itself in a browser, with this many threads: see `peers.ts`. */
  peerFiles(threads: number): readonly string[]
  /** What a reader of its figures must know. */
  readonly note?: string
}

export type ContenderName =
  | 'wasm'
  | 'webgpu'
  | 'litert-float'
  | 'litert-int8'
  | 'onnxruntime-web-wasm'
  | 'onnxruntime-web-webgpu'
  | 'onnxruntime-node'
  | 'tfjs-wasm'
  | 'tfjs-webgpu'
  | 'tfjs-cpu'
  | 'tfjs-node'
  | 'transformers.js'

const none = (): readonly string[] => []

function litert(threads: number): readonly string[] {
  return ['js', 'wasm'].map((ending) => `litert/litert_wasm${threads > 1 ? '_threaded' : ''}_internal.${ending}`)
}

function onnxruntimeWeb(build: string): readonly string[] {
  return ['mjs', 'wasm'].map((ending) => `onnxruntime-web/ort-wasm-simd-threaded${build}.${ending}`)
}

/**
 * All contenders, in the order in which they run unless `--contenders` names another. A backend of this project is one row here
 * and one module of two lines: see `contenders/wasm.ts`. The backend `webgpu` belongs here, behind `wasm`, with the place `chromium`.
 */
const facts: Readonly<Record<ContenderName, ContenderFacts>> = {
  wasm: {
    module: 'wasm',
    places: ['node', 'chromium'],
    threaded: ['node', 'chromium'],
    model: 'safetensors',
    own: '@mobilenetv2/backend-wasm',
    peerFiles: none,
  },
  webgpu: {
    module: 'webgpu',
    places: ['chromium'],
    threaded: [],
    model: 'safetensors',
    own: '@mobilenetv2/backend-webgpu',
    peerFiles: none,
  },
  'litert-float': {
    module: 'litert-float',
    places: ['chromium'],
    threaded: ['chromium'],
    model: 'tflite',
    own: null,
    peerFiles: litert,
  },
  'litert-int8': {
    module: 'litert-int8',
    places: ['chromium'],
    threaded: ['chromium'],
    model: 'int8',
    own: null,
    peerFiles: litert,
    note: 'other weights, in eight bits: checked loosely against their own float32 run',
  },
  'onnxruntime-web-wasm': {
    module: 'onnxruntime-web-wasm',
    nodeModule: 'onnxruntime-web-node',
    places: ['node', 'chromium'],
    threaded: ['node', 'chromium'],
    model: 'onnx',
    own: null,
    peerFiles: () => onnxruntimeWeb(''),
  },
  'onnxruntime-web-webgpu': {
    module: 'onnxruntime-web-webgpu',
    places: ['chromium'],
    threaded: [],
    model: 'onnx',
    own: null,
    peerFiles: () => onnxruntimeWeb('.asyncify'),
  },
  'onnxruntime-node': {
    module: 'onnxruntime-node',
    places: ['node'],
    threaded: ['node'],
    model: 'onnx',
    own: null,
    peerFiles: none,
  },
  'tfjs-wasm': {
    module: 'tfjs-wasm',
    places: ['node', 'chromium'],
    threaded: ['chromium'],
    model: 'tfjs',
    own: null,
    peerFiles: () => ['tfjs-backend-wasm/tfjs-backend-wasm-threaded-simd.wasm'],
  },
  'tfjs-webgpu': { module: 'tfjs-webgpu', places: ['chromium'], threaded: [], model: 'tfjs', own: null, peerFiles: none },
  'tfjs-cpu': { module: 'tfjs-cpu', places: ['node', 'chromium'], threaded: [], model: 'tfjs', own: null, peerFiles: none },
  'tfjs-node': { module: 'tfjs-node', places: ['node'], threaded: ['node'], model: 'tfjs', own: null, peerFiles: none },
  'transformers.js': {
    module: 'transformers',
    places: ['node'],
    threaded: ['node'],
    model: 'transformers',
    own: null,
    peerFiles: none,
  },
}

export const contenderNames: readonly ContenderName[] = Object.keys(facts) as ContenderName[]

export function factsOf(name: ContenderName): ContenderFacts {
  return facts[name]
}

export function isContenderName(name: string): name is ContenderName {
  return Object.hasOwn(facts, name)
}
