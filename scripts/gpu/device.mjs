import { load } from './load.mjs'

/** The switch that keeps Dawn from rounding its timestamps to 65 microseconds. */
const switches = ['backend=vulkan', 'disable-dawn-features=timestamp_quantization']

/** Gives this process `navigator.gpu`: the graphics card's, or that of SwiftShader. */
export async function provideGpu({ software }) {
  const { provideWebGpu } = await load('testing/dist/src/node-webgpu.js')
  await provideWebGpu({ driver: software ? 'software' : 'system', switches })
}

/** A device with the features that models use. */
export async function openDevice() {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  const requiredFeatures = ['timestamp-query', 'shader-f16'].filter((feature) => adapter.features.has(feature))
  return adapter.requestDevice({ requiredFeatures })
}

/** The precisions that the adapter supports, and a line about each one that it does not. */
export async function precisionsHere() {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter.features.has('shader-f16')) return { precisions: ['float32', 'float16'], missing: [] }
  return { precisions: ['float32'], missing: ['float16: the adapter has no shader-f16'] }
}

const shownLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
]

/** A description of the adapter. */
export async function describeAdapter() {
  const { info, features, limits } = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  const { vendor, architecture, device, description, isFallbackAdapter, subgroupMinSize, subgroupMaxSize } = info
  return {
    vendor,
    architecture,
    device,
    description,
    isSoftware: isFallbackAdapter,
    subgroupSizes: [subgroupMinSize, subgroupMaxSize],
    features: [...features].toSorted(),
    limits: Object.fromEntries(shownLimits.map((name) => [name, limits[name]])),
  }
}
