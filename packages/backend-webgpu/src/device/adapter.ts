import type { Unavailable } from '@mobilenetv2/runtime'
import type { Availability } from '@mobilenetv2/spec'
import type { Target } from '../planner/tiles.js'
import { type Precision, shortcoming } from './shortcoming.js'

/** Whether an adapter is hardware, or software that stands in for it. Older browsers have no info of a device, and mean hardware. */
export function adapterKind(info: GPUAdapterInfo | undefined): Target['adapter'] {
  return info?.isFallbackAdapter ? 'software' : 'hardware'
}

/** An adapter as its driver names it, and whether it is software. */
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
      reason: 'This page is not a secure context, and only those have WebGPU (navigator.gpu).',
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

/** WebGPU's adapter, hardware before software; or why none can run models of this precision. */
export async function findAdapter(precision: Precision): Promise<GPUAdapter | Unavailable> {
  const gpu = (globalThis.navigator as Partial<NavigatorGPU> | undefined)?.gpu
  if (gpu === undefined) return noWebGpu()
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) {
    return {
      available: false,
      reason: 'WebGPU is here, but gives no adapter: neither hardware nor software.',
      remedy:
        'Switch hardware acceleration on, bring the graphics driver up to date (chrome://gpu says what is blocked); or use the wasm backend.',
    }
  }
  return shortcoming(adapterName(adapter.info), adapter, precision) ?? adapter
}

/** An adapter that can run models, as `Backend.availability` says it. */
export function availableOn(info: GPUAdapterInfo | undefined): Availability {
  return { available: true, device: adapterName(info), software: adapterKind(info) === 'software' }
}
