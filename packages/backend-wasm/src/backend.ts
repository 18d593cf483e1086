import {
  type Architecture,
  type Backend,
  type CompiledModel,
  checkParameters,
  MobileNetV2Error,
  type Parameters,
} from '@mobilenetv2/spec'
import { pageBytes, planModel } from './planner/plan.js'
import { createCompiledModel } from './runtime/compiled-model.js'
import { type SimdLevel, simdLevel } from './runtime/features.js'
import { generateModule, type KernelFunction } from './runtime/generate.js'
import { packParameters } from './runtime/pack.js'

function deviceName(level: Exclude<SimdLevel, 'none'>): string {
  return `wasm ${level}, 1 thread`
}

const unavailable = {
  available: false,
  reason: 'This engine has no WebAssembly with 128-bit SIMD.',
  remedy:
    'Use Node 20 or later, Chrome 91, Firefox 89 or Safari 16.4 or later, with WebAssembly not switched off; or another backend.',
} as const

function takeMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages })
  } catch (cause) {
    throw new MobileNetV2Error('BACKEND', 'The engine does not give the memory that the model needs.', {
      expected: `${pages * pageBytes} bytes`,
      remedy: 'Dispose of models that are no longer used, or use a smaller input or width multiplier.',
      cause,
    })
  }
}

async function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Promise<WebAssembly.Instance> {
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
    return instance
  } catch (cause) {
    throw new MobileNetV2Error('BACKEND', 'The engine does not compile the generated WebAssembly.', {
      remedy: "If the page has a content security policy, it must allow 'wasm-unsafe-eval' in script-src.",
      cause,
    })
  }
}

/** Compiles for a given level of SIMD, whatever the engine has; `wasm.compile` asks the engine. */
export async function compileFor(
  level: Exclude<SimdLevel, 'none'>,
  architecture: Architecture,
  parameters: Parameters,
): Promise<CompiledModel> {
  checkParameters(architecture, parameters)
  const plan = planModel(architecture)
  const memory = takeMemory(plan.pages)
  const { bytes, names } = generateModule(plan, level === 'relaxed-simd')
  const compiling = instantiate(bytes, memory)
  packParameters(plan.packed, parameters, memory.buffer)
  const { exports } = await compiling
  const functions = names.map((name) => exports[name] as KernelFunction)
  return createCompiledModel({ architecture, device: deviceName(level), plan, memory, functions, codeBytes: bytes.length })
}

/** MobileNetV2 on WebAssembly kernels that are generated at run time, in browsers and in Node alike. */
export const wasm: Backend = {
  name: 'wasm',
  async availability() {
    const level = simdLevel()
    return level === 'none' ? unavailable : { available: true, device: deviceName(level) }
  },
  async compile(architecture, parameters) {
    const level = simdLevel()
    if (level === 'none') throw new MobileNetV2Error('BACKEND', unavailable.reason, { remedy: unavailable.remedy })
    return compileFor(level, architecture, parameters)
  },
}
