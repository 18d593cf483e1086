import type { Unavailable } from '@mobilenetv2/runtime'
import type { Availability } from '@mobilenetv2/spec'
import type { Target } from '../planner/tiles.js'
import { type Precision, shortcoming } from './shortcoming.js'

/** Whether an adapter is hardware or a software fallback. Without info, as from older browsers, it counts as hardware. */
export function adapterKind(info: GPUAdapterInfo | undefined): Target['adapter'] {
  return info?.isFallbackAdapter ? 'software' : 'hardware'
}

/** The text of a model's `device`: the adapter in the words of its driver, and whether it is software. */
export function adapterName(info: GPUAdapterInfo | undefined): string {
  const parts = info === undefined ? [] : [info.vendor, info.architecture, info.description || info.device]
  const names = parts.filter((name) => name !== '')
  const name = names.length === 0 ? 'an adapter without a name' : names.join(' ')
  return adapterKind(info) === 'software' ? `webgpu on ${name} (a fallback adapter: software, slow)` : `webgpu on ${name}`
}

function noWebGpu(): Unavailable {
  if (globalThis.isSecureContext === false) {
    return {
      available: false,
      reason: 'WebGPU (navigator.gpu) needs a secure context, and this page is not one.',
      remedy: 'Serve the page over https or from localhost; or use the wasm backend.',
    }
  }
  return {
    available: false,
    reason: 'This engine has no WebGPU (navigator.gpu).',
    remedy:
      'Use Chrome or Edge 113, Safari 26 or Firefox 141 or later; in Node set navigator.gpu from the npm package webgpu; or use the wasm backend.',
  }
}

/** WebGPU's adapter, preferably hardware; or the reason why no adapter can run models of this precision. */
export async function findAdapter(precision: Precision): Promise<GPUAdapter | Unavailable> {
  const gpu = (globalThis.navigator as Partial<NavigatorGPU> | undefined)?.gpu
  if (gpu === undefined) return noWebGpu()
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) {
    return {
      available: false,
      reason: 'This engine has WebGPU, but gives no adapter, neither hardware nor software.',
      remedy:
        'Switch hardware acceleration on and update the graphics driver (chrome://gpu shows what is blocked); or use the wasm backend.',
    }
  }
  return shortcoming(adapterName(adapter.info), adapter, precision) ?? adapter
}

/** The result of `Backend.availability` for an adapter that can run models. */
export function availableOn(info: GPUAdapterInfo | undefined): Availability {
  return { available: true, device: adapterName(info), software: adapterKind(info) === 'software' }
}
