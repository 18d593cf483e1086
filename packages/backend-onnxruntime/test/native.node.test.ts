import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { defineMobileNetV2, type LayerId, truncateAt } from '@mobilenetv2/spec'
import {
  describeBackendConformance,
  expectAllClose,
  referenceActivations,
  seededInput,
  seededParameters,
} from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { onnxruntime, type ProviderName } from '../src/index.js'

const wanted = process.env.MOBILENETV2_ONNXRUNTIME === 'required'
const namedProviders = process.env.MOBILENETV2_ONNXRUNTIME_PROVIDERS
const providers = (namedProviders ?? 'cpu').split(',') as ProviderName[]

/** Software drivers of a GPU are slow. */
const timeout = 60_000

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })

describe.skipIf(!wanted)('onnxruntime-node (left out: npm run test:onnxruntime installs it and runs this)', { timeout }, () => {
  const backend = onnxruntime({ providers })
  describeBackendConformance(backend)

  it('says what it runs on', async () => {
    const { device } = await compileSmall(backend)
    expect(device).toBe(`onnxruntime ${device.split(' ')[1]} ${providers.join(', else ')}`)
    expect(await backend.availability()).toEqual({ available: true, device })
  })

  it.each<LayerId>(['stem', 'block1.project', 'block2.expand', 'block3.project', 'head', 'pool'])(
    'runs a network that ends with %s',
    async (id) => {
      const truncated = truncateAt(architecture, id)
      const parameters = seededParameters(architecture)
      const input = seededInput(architecture, 2)
      using model = await backend.compile(truncated, parameters)
      const { logits } = await model.run(input, { batch: 2 })
      expectAllClose(logits, referenceActivations(architecture, parameters, input, { batch: 2 }).get(id)!, { relative: 1e-4 })
    },
  )

  it('gives the same pictures the same answers, whichever batch they are in', async () => {
    const batch = 19
    using model = await compileSmall(backend)
    const input = seededInput(architecture, batch)
    const outputs = ['features', 'logits'] as const
    const together = await model.run(input, { batch, outputs })
    const pictureLength = input.length / batch
    for (const picture of [0, 7, 8, 18]) {
      const alone = await model.run(input.slice(picture * pictureLength, (picture + 1) * pictureLength), { outputs })
      for (const name of outputs) {
        const { length } = alone[name]
        expectAllClose(together[name].subarray(picture * length, (picture + 1) * length), alone[name], { relative: 1e-5 })
      }
    }
  })

  it('rejects runs that are under way or queued with the code DISPOSED, when it is disposed of', async () => {
    const model = await compileSmall(backend)
    const runs = [0, 1, 2].map((seed) => model.run(seededInput(architecture, 4, seed), { batch: 4 }))
    model.dispose()
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
  })

  it('counts the bytes of the parameters, and the activations of the largest run', async () => {
    using model = await compileSmall(backend)
    const values = [...seededParameters(architecture)].reduce((sum, [, { kernel, bias }]) => sum + kernel.length + bias.length, 0)
    const { weights, activations } = model.memory()
    expect(weights).toBe(4 * values)
    await model.run(seededInput(architecture, 3), { batch: 3 })
    expect(model.memory().activations).toBe(3 * activations)
  })

  it('profiles each layer by itself on the CPU, and the whole network elsewhere', async () => {
    using model = await compileSmall(backend)
    const times = await model.profile()
    expect(times).toHaveLength(providers[0] === 'cpu' ? architecture.layers.length + 1 : 1)
    expect(times.find(({ layers }) => layers.includes('stem'))!.milliseconds).toBeGreaterThan(0)
  })
})

describe.skipIf(!wanted || providers[0] !== 'cpu')('the provider cpu', { timeout }, () => {
  it('runs on the threads that it is given, and says how many', async () => {
    const logits = []
    for (const threads of [1, 2]) {
      using model = await compileSmall(onnxruntime({ threads }))
      expect(model.device).toMatch(new RegExp(`^onnxruntime \\d.* cpu, ${threads} threads?$`))
      logits.push((await model.run(seededInput(architecture))).logits)
    }
    expectAllClose(logits[1]!, logits[0]!, { relative: 1e-5 })
  })

  it('refuses a provider that this build does not have', async () => {
    const here = process.platform === 'win32' ? 'coreml' : 'dml'
    for (const names of [[here], [here, 'cpu']] as const) {
      const backend = onnxruntime({ providers: names })
      expect(await backend.availability()).toMatchObject({
        available: false,
        reason: expect.stringContaining(`no provider ${here}`),
        remedy: expect.stringContaining('cpu'),
      })
      await expect(compileSmall(backend)).rejects.toMatchObject({ code: 'BACKEND' })
    }
  })

  it('lets the process end while a run is under way', async () => {
    const script = `
      import { onnxruntime } from '@mobilenetv2/backend-onnxruntime'
      import { defineMobileNetV2 } from '@mobilenetv2/spec'
      import { seededInput, seededParameters } from '@mobilenetv2/testing'
      const architecture = defineMobileNetV2()
      const model = await onnxruntime().compile(architecture, seededParameters(architecture))
      model.run(seededInput(architecture, 8), { batch: 8 })
      setTimeout(() => process.exit(0), 30)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname })
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64' && namedProviders === undefined)(
    'refuses TensorRT where its library is not installed, also where the CPU may run what is left',
    async () => {
      for (const names of [['tensorrt'], ['tensorrt', 'cpu']] as const) {
        const backend = onnxruntime({ providers: names })
        expect(await backend.availability()).toMatchObject({ available: false, remedy: expect.stringContaining('TensorRT') })
        await expect(compileSmall(backend)).rejects.toMatchObject({ code: 'BACKEND' })
      }
    },
  )
})

function compileSmall(backend: ReturnType<typeof onnxruntime>) {
  return backend.compile(architecture, seededParameters(architecture))
}
