import { type Architecture, defineMobileNetV2, truncateAt } from '@mobilenetv2/spec'
import { expectAllClose, referenceActivations, refusal, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileOn } from '../src/compile-on.js'
import { leaseShared } from '../src/device/lease.js'
import { type WebGpuModel, webgpu } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)
const compile = (network: Architecture = architecture) => webgpu().compile(network, seededParameters(network))
const storage = 0x80
const copySource = 0x4
const copyTarget = 0x8

let keeper: WebGpuModel
beforeAll(async () => {
  keeper = await compile()
})
afterAll(() => keeper.dispose())

/** The float32 in a buffer on a device. */
async function download(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const readBack = device.createBuffer({ size: buffer.size, usage: copyTarget | 1 })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, readBack, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await readBack.mapAsync(1)
  const values = new Float32Array(readBack.getMappedRange()).slice()
  readBack.destroy()
  return values
}

function upload(device: GPUDevice, values: Float32Array<ArrayBuffer>, usage = storage | copySource | copyTarget): GPUBuffer {
  const buffer = device.createBuffer({ size: values.byteLength, usage })
  device.queue.writeBuffer(buffer, 0, values)
  return buffer
}

describe('a compiled model', () => {
  it('says on what it runs, and that it is software here', async () => {
    using model = await compile()
    expect(model.device).toMatch(/^webgpu on .*swiftshader.*fallback adapter: software/i)
    expect(await webgpu().availability()).toEqual({ available: true, device: model.device, software: true })
  })

  it('tells how many of its kernels are compiled', async () => {
    const seen: { done: number; total: number }[] = []
    using model = await webgpu({ onProgress: (progress) => seen.push(progress) }).compile(architecture, parameters)
    expect(model.backend).toBe('webgpu')
    expect(seen.map(({ done }) => done)).toEqual(seen.map((_, index) => index + 1))
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([seen.length]))
  })

  it('gives on the device what the device computes, and refuses what the tail does', async () => {
    const network = defineMobileNetV2({
      widthMultiplier: 0.35,
      height: 32,
      width: 32,
      classes: 10,
      headLayers: [{ units: 4, activation: 'elu' }],
    })
    using model = await compile(network)
    const input = seededInput(network)
    const { features } = runReference(network, seededParameters(network), input, { outputs: ['features'] })
    const onDevice = await model.runOnDevice(input, (outputs) => download(model.gpu, outputs.features), { outputs: ['features'] })
    expectAllClose(onDevice, features, { relative: 1e-4 })
    for (const refused of [model.runOnDevice(input, () => undefined), model.top(input, 3)])
      await expect(refusal(refused)).resolves.toMatchObject({ code: 'BACKEND', message: /layer dense1[\s\S]*elu/ })
  })

  it('runs a batch that is larger than what runs at once', async () => {
    using model = await compile()
    const batch = 19
    const input = seededInput(architecture, batch)
    const { logits } = await model.run(input, { batch })
    expectAllClose(logits, runReference(architecture, parameters, input, { batch }).logits, { relative: 1e-4 })
  })

  it('gives a map where the network is cut before its pool, without the padding of its channels', async () => {
    const cut = truncateAt(defineMobileNetV2({ ...sizes, channelDivisor: 1, widthMultiplier: 0.4 }), 'block4.project')
    using model = await webgpu().compile(cut, seededParameters(cut))
    const input = seededInput(cut, 2)
    const { logits } = await model.run(input, { batch: 2 })
    const expected = referenceActivations(cut, seededParameters(cut), input, { batch: 2 }).get('block4.project')!
    expect(cut.layers.at(-1)!.output.channels % 4).not.toBe(0)
    expectAllClose(logits, expected, { relative: 1e-4 })
  })

  it('gives nothing where nothing is asked for', async () => {
    expect(await keeper.run(seededInput(architecture), { outputs: [] })).toEqual({})
  })

  it('takes an input in shared memory', async () => {
    const input = seededInput(architecture)
    const memory =
      typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(input.byteLength) : new SharedArrayBuffer(input.byteLength)
    const shared = new Float32Array(memory)
    shared.set(input)
    expect(await keeper.run(shared)).toEqual(await keeper.run(input))
  })

  it('accounts for its bytes, and for none after dispose', async () => {
    const model = await compile()
    expect(model.memory().activations).toBe(0)
    await model.run(seededInput(architecture))
    const { weights, activations, code } = model.memory()
    expect(weights).toBeGreaterThan(1_000_000)
    expect(activations).toBeGreaterThan(32 * 32 * 3 * 4)
    expect(code).toBeGreaterThan(1000)
    model.dispose()
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
  })

  it('ends a run that is under way when the model is disposed of', async () => {
    const model = await compile()
    const run = model.run(seededInput(architecture))
    model.dispose()
    expect((await refusal(run)).code).toBe('DISPOSED')
    expect((await refusal(model.profile())).code).toBe('DISPOSED')
    expect(() => model.gpu).toThrow(/dispose/)
  })
})

const sizes = { height: 32, width: 32, classes: 10 }

describe('on the device', () => {
  it('runs from a buffer into buffers', async () => {
    const batch = 2
    const input = seededInput(architecture, batch)
    const buffer = upload(keeper.gpu, input as Float32Array<ArrayBuffer>)
    const outputs = ['features', 'logits'] as const
    const found = await keeper.runOnDevice(buffer, (results) => outputs.map((name) => download(keeper.gpu, results[name])), {
      batch,
      outputs,
    })
    const [features, logits] = await Promise.all(found)
    expect(await keeper.run(buffer, { batch, outputs })).toEqual({ features, logits })
    expect(await keeper.run(input, { batch, outputs })).toEqual({ features, logits })
    buffer.destroy()
  })

  it('refuses a buffer that is too small, cannot be copied from, or is gone', async () => {
    const input = seededInput(architecture) as Float32Array<ArrayBuffer>
    expect((await refusal(keeper.run(upload(keeper.gpu, input.slice(4))))).code).toBe('INPUT')
    expect((await refusal(keeper.run(upload(keeper.gpu, input, storage | copyTarget)))).code).toBe('INPUT')
    const gone = upload(keeper.gpu, input)
    gone.destroy()
    const error = await refusal(keeper.run(gone))
    expect(error.code).toBe('BACKEND')
    expect(error.details.got).toMatch(/destroyed/)
    expect((await keeper.run(input)).logits).toHaveLength(10)
  })

  it.each(['software', 'hardware'] as const)('finds the likeliest classes, with the kernel for %s', async (adapter) => {
    const network = defineMobileNetV2({ ...sizes, table: [[1, 4, 1, 1]], stemChannels: 4, headChannels: 8, classes: 300 })
    using model = await compileOn(
      async (precision) => ({ ...(await leaseShared(precision)), adapter }),
      network,
      seededParameters(network),
    )
    const input = seededInput(network)
    const { logits } = await model.run(input)
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
    const expected = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!)
    for (const count of [1, 5, 64]) {
      const found = await model.top(input, count)
      expect(found.map(({ index }) => index)).toEqual(expected.slice(0, count))
      for (const { index, logit, probability } of found) {
        expect(logit).toBe(logits[index])
        expect(probability).toBeCloseTo(Math.exp(logits[index]!) / total, 5)
      }
    }
    for (const count of [0, 65, 1.5]) expect((await refusal(model.top(input, count))).code).toBe('INPUT')
  })

  it('finds no likeliest classes among logits that are not finite', async () => {
    const network = defineMobileNetV2({ ...sizes, table: [[1, 4, 1, 1]], stemChannels: 4, headChannels: 8, classes: 3 })
    const parameters = new Map(seededParameters(network))
    const { kernel, bias } = parameters.get('classifier')!
    parameters.set('classifier', { kernel: kernel.map(() => 3e38), bias })
    using model = await compileOn(leaseShared, network, parameters)
    const error = await refusal(model.top(seededInput(network), 1))
    expect(error.code).toBe('PARAMETERS')
  })
})
