import { type Backend, defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { chooseFastest, type FoundBackend } from '../src/choose-fastest.js'

const network = (size: number) => defineMobileNetV2({ widthMultiplier: 0.35, height: size, width: size, classes: 2 })

/** A backend whose runs take `milliseconds`; those of null fail. */
function fake(name: string, milliseconds: number | null, device = name) {
  const held = new Set<object>()
  const compile = vi.fn(async () => {
    const model = {
      backend: name,
      device,
      async run() {
        if (milliseconds === null) throw new MobileNetV2Error('BACKEND', `${name} cannot.`)
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        return {}
      },
      dispose: () => held.delete(model),
    }
    held.add(model)
    return model
  })
  const backend = { name, availability: vi.fn(), compile } as unknown as Backend
  const found: FoundBackend = { name, backend, availability: { available: true, device }, auto: true }
  return { found, compile, held }
}

afterEach(() => globalThis.localStorage?.clear())

it('keeps the fastest, disposes of the others, and remembers the choice', async () => {
  const [slow, fast] = [fake('slow', 40), fake('fast', 1)]
  const architecture = network(32)
  const parameters = seededParameters(architecture)
  const first = await chooseFastest([slow.found, fast.found], { architecture, parameters, integers: null })
  expect(first.backend.name).toBe('fast')
  expect(first.reason).toMatch(/^auto: fast [\d.]+ ms, slow [\d.]+ ms$/)
  expect([slow.held.size, fast.held.size]).toEqual([0, 1])

  const second = await chooseFastest([slow.found, fast.found], { architecture, parameters, integers: null })
  expect(second.reason).toBe(`${first.reason}, as remembered`)
  expect([slow.compile.mock.calls.length, fast.compile.mock.calls.length]).toEqual([1, 2])

  await chooseFastest([slow.found, fast.found], { architecture: network(64), parameters, integers: null })
  expect(slow.compile).toHaveBeenCalledTimes(2)
})

it('says which one failed, and holds nothing of it', async () => {
  const [broken, sound] = [fake('broken', null), fake('sound', 1)]
  const architecture = network(96)
  const chosen = await chooseFastest([broken.found, sound.found], {
    architecture,
    parameters: seededParameters(architecture),
    integers: null,
  })
  expect(chosen.reason).toMatch(/^auto: sound [\d.]+ ms, broken failed \(broken cannot\.\)$/)
  expect(broken.held.size).toBe(0)
})

it('gives the error of the first one if all fail', async () => {
  const architecture = network(128)
  const both = [fake('one', null).found, fake('other', null).found]
  await expect(chooseFastest(both, { architecture, parameters: seededParameters(architecture), integers: null })).rejects.toThrow(
    'one cannot.',
  )
})

it('times anew where the remembered one does not compile any more', async () => {
  const [slow, fast] = [fake('slow', 40), fake('fast', 1)]
  const architecture = network(160)
  const parameters = seededParameters(architecture)
  await chooseFastest([slow.found, fast.found], { architecture, parameters, integers: null })
  fast.compile.mockRejectedValue(new MobileNetV2Error('BACKEND', 'The device is lost.'))
  const chosen = await chooseFastest([slow.found, fast.found], { architecture, parameters, integers: null })
  expect(chosen.reason).toMatch(/^auto: slow [\d.]+ ms, fast failed \(The device is lost\.\)$/)
})

it('passes over software, and refuses where nothing else is there', async () => {
  const architecture = network(192)
  const parameters = seededParameters(architecture)
  const hardware = fake('wasm', 1).found
  const software: FoundBackend = { ...fake('webgpu', 1).found, availability: { available: true, device: 'cpu', software: true } }
  expect((await chooseFastest([hardware, software], { architecture, parameters, integers: null })).reason).toBe(
    'auto: wasm, the only backend that is here on hardware',
  )
  await expect(chooseFastest([software], { architecture, parameters, integers: null })).rejects.toMatchObject({ code: 'BACKEND' })
})
