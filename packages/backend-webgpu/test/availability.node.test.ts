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
  it('says where the engine has no WebGPU', async () => {
    vi.stubGlobal('navigator', undefined)
    const found = await webgpu.availability()
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(/no WebGPU/) })
    await expect(webgpu.compile(architecture, seededParameters(architecture))).rejects.toMatchObject({ code: 'BACKEND' })
  })

  it('says where it is the page that is not secure', async () => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('isSecureContext', false)
    expect(await webgpu.availability()).toMatchObject({ available: false, remedy: expect.stringMatching(/https/) })
  })

  it('says where there is no adapter', async () => {
    withAdapter(null)
    expect(await webgpu.availability()).toMatchObject({ available: false, reason: expect.stringMatching(/no adapter/) })
  })

  it('says which limit is too low', async () => {
    withAdapter({ info, limits: { ...limits, maxComputeInvocationsPerWorkgroup: 128 } })
    const reason = expect.stringMatching(
      /maxComputeInvocationsPerWorkgroup of webgpu on maker one Card 1 is 128, and 256 is needed/,
    )
    expect(await webgpu.availability()).toMatchObject({ available: false, reason })
  })

  it('names hardware, and says where an adapter is software', async () => {
    withAdapter({ info, limits })
    expect(await webgpu.availability()).toEqual({ available: true, device: 'webgpu on maker one Card 1', software: false })
    withAdapter({ info: { ...info, isFallbackAdapter: true }, limits })
    expect(await webgpu.availability()).toMatchObject({
      available: true,
      device: expect.stringMatching(/fallback adapter: software/),
    })
  })

  it('refuses a given device with a limit that is too low', async () => {
    const device = { limits: { ...limits, maxBufferSize: 1 }, adapterInfo: info } as unknown as GPUDevice
    const compiling = webgpu.compile(architecture, seededParameters(architecture), { device })
    await expect(compiling).rejects.toMatchObject({ code: 'BACKEND', details: { where: 'limit maxBufferSize', got: '1' } })
  })
})
