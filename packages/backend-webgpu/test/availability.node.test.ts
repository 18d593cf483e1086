import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { webgpu } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const info = { vendor: 'maker', architecture: 'one', device: '', description: 'Card 1', isFallbackAdapter: false }
const limits = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
}

afterEach(() => vi.unstubAllGlobals())

function withAdapter(adapter: object | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } })
}

describe('availability', () => {
  it('says so if the engine has no WebGPU', async () => {
    vi.stubGlobal('navigator', undefined)
    const found = await webgpu().availability()
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(/no WebGPU/) })
    await expect(webgpu().compile(architecture, seededParameters(architecture))).rejects.toMatchObject({ code: 'BACKEND' })
  })

  it('says so if the page is not secure', async () => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('isSecureContext', false)
    expect(await webgpu().availability()).toMatchObject({ available: false, remedy: expect.stringMatching(/https/) })
  })

  it('says so if there is no adapter', async () => {
    withAdapter(null)
    expect(await webgpu().availability()).toMatchObject({ available: false, reason: expect.stringMatching(/no adapter/) })
  })

  it('says which limit is too low', async () => {
    withAdapter({ info, limits: { ...limits, maxComputeInvocationsPerWorkgroup: 128 } })
    const reason = expect.stringMatching(
      /maxComputeInvocationsPerWorkgroup of webgpu on maker one Card 1 is 128, and 256 is needed/,
    )
    expect(await webgpu().availability()).toMatchObject({ available: false, reason })
  })

  it('names hardware, and says so if an adapter is software', async () => {
    withAdapter({ info, limits })
    expect(await webgpu().availability()).toEqual({ available: true, device: 'webgpu on maker one Card 1', software: false })
    withAdapter({ info: { ...info, isFallbackAdapter: true }, limits })
    expect(await webgpu().availability()).toMatchObject({
      available: true,
      device: expect.stringMatching(/fallback adapter: software/),
    })
  })

  it('refuses a given device with a limit that is too low', async () => {
    const device = { limits: { ...limits, maxBufferSize: 1 }, adapterInfo: info } as unknown as GPUDevice
    const compiling = webgpu({ device }).compile(architecture, seededParameters(architecture))
    await expect(compiling).rejects.toMatchObject({ code: 'BACKEND', message: expect.stringMatching(/maxBufferSize .* is 1,/) })
    expect(await webgpu({ device }).availability()).toMatchObject({
      available: false,
      reason: expect.stringMatching(/maxBufferSize .* is 1,/),
    })
  })

  it('of the precision float16 needs the feature of the adapter, or of the given device', async () => {
    const missing = { available: false, reason: expect.stringMatching(/float16 needs the feature shader-f16/) }
    const features = new Set<string>()
    withAdapter({ info, limits, features })
    expect(await webgpu({ precision: 'float16' }).availability()).toMatchObject(missing)
    const device = { limits, features, adapterInfo: info, lost: new Promise(() => undefined) } as unknown as GPUDevice
    expect(await webgpu({ precision: 'float16', device }).availability()).toMatchObject(missing)
    features.add('shader-f16')
    expect(await webgpu({ precision: 'float16' }).availability()).toMatchObject({ available: true })
    expect(await webgpu({ precision: 'float16', device }).availability()).toMatchObject({ available: true })
  })

  it('of a given device that was lost is none', async () => {
    const lost = Promise.resolve({ reason: 'destroyed', message: 'by its owner' })
    const device = { limits, adapterInfo: info, lost } as unknown as GPUDevice
    const reason = expect.stringContaining('destroyed: by its owner')
    expect(await webgpu({ device }).availability()).toMatchObject({ available: false, reason })
  })
})

describe('options', () => {
  it.each<[string, object]>([
    ['an unknown name', { precison: 'float16' }],
    ['an unknown precision', { precision: 'float8' }],
    ['no device', { device: 'cuda' }],
    ['nothing for a device', { device: null }],
    ['no function', { onProgress: 1 }],
  ])('are checked when the backend is made: %s', (_title, options) => {
    expect(() => webgpu(options)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})
