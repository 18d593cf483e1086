import {
  type Backend,
  type CompiledModel,
  defineMobileNetV2,
  type ErrorCode,
  type LayerParameters,
  type Parameters,
} from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { expectAllClose, type Tolerance } from '../all-close.js'
import { refusal } from '../refusal.js'
import { seededInput, seededParameters } from '../seeded.js'
import { conformanceTolerance } from './accuracy.js'
import { type MissingCapabilities, needs } from './capabilities.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const exactly: Tolerance = {}
const layerIds = architecture.layers.map(({ id }) => id)

/** Fails unless the promise rejects with a `MobileNetV2Error` of this code. */
async function expectRefusal(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  expect(await refusal(promise)).toHaveProperty('code', code)
}

async function withModel(backend: Backend, use: (model: CompiledModel) => Promise<void>): Promise<void> {
  const model = await backend.compile(architecture, seededParameters(architecture))
  try {
    await use(model)
  } finally {
    model.dispose()
  }
}

function describeRefusals(backend: Backend): void {
  const input = seededInput(architecture)

  it.each([0, 1.5, -1, NaN, 1e9])('refuses a batch of %d with the code INPUT', (batch) =>
    withModel(backend, async (model) => {
      await expectRefusal(model.run(input, { batch }), 'INPUT')
    }),
  )

  it.each([0, input.length - 1, input.length + 1, 2 * input.length])(
    'refuses an input of %d values with the code INPUT',
    (length) =>
      withModel(backend, async (model) => {
        await expectRefusal(model.run(new Float32Array(length)), 'INPUT')
        await expectRefusal(model.run(new Float32Array(length), { batch: 3 }), 'INPUT')
      }),
  )

  it('refuses an unknown option with the code OPTION', () =>
    withModel(backend, async (model) => {
      await expectRefusal(model.run(input, { output: ['features'] } as object), 'OPTION')
    }))

  const parameters = seededParameters(architecture)
  const changed = (change: (layer: LayerParameters) => LayerParameters): Parameters =>
    new Map([...parameters].map(([id, layer]) => [id, id === 'block2.depthwise' ? change(layer) : layer]))
  it.each<[string, Parameters]>([
    ['none', new Map()],
    ['those of one layer missing', new Map([...parameters].filter(([id]) => id !== 'classifier'))],
    ['a kernel too short', changed(({ kernel, bias }) => ({ kernel: kernel.slice(1), bias }))],
    ['a bias too long', changed(({ kernel, bias }) => ({ kernel, bias: new Float32Array(bias.length + 1) }))],
    ['those of another width', seededParameters(defineMobileNetV2({ widthMultiplier: 0.5, classes: 10 }))],
  ])('refuses parameters that do not fit with the code PARAMETERS: %s', async (_title, wrong) => {
    await expectRefusal(backend.compile(architecture, wrong), 'PARAMETERS')
  })
}

function describeRuns(backend: Backend): void {
  it('returns what is asked for, and logits when nothing is', () =>
    withModel(backend, async (model) => {
      const input = seededInput(architecture)
      expect(Object.keys(await model.run(input))).toEqual(['logits'])
      expect(Object.keys(await model.run(input, { outputs: ['features'] }))).toEqual(['features'])
      const both = await model.run(input, { outputs: ['features', 'logits'] })
      expect(both.logits).toHaveLength(architecture.classes)
      expect(both.features).toHaveLength(architecture.layers.at(-1)!.input.channels)
    }))

  it('gives equal results again, and leaves input, parameters and earlier results as they were', async () => {
    const parameters = seededParameters(architecture)
    const model = await backend.compile(architecture, parameters)
    try {
      const input = seededInput(architecture)
      const first = await model.run(input)
      const kept = first.logits.slice()
      await model.run(seededInput(architecture, 3, 1), { batch: 3 })
      expect(first.logits).toEqual(kept)
      expect((await model.run(input)).logits).toEqual(kept)
      expectAllClose(input, seededInput(architecture), exactly)
      for (const [id, { kernel, bias }] of seededParameters(architecture)) {
        expectAllClose(parameters.get(id)!.kernel, kernel, exactly)
        expectAllClose(parameters.get(id)!.bias, bias, exactly)
      }
    } finally {
      model.dispose()
    }
  })

  it('keeps runs apart that are started together', () =>
    withModel(backend, async (model) => {
      const inputs = [0, 1, 2, 3].map((seed) => seededInput(architecture, 1, seed))
      const together = await Promise.all(inputs.map((input) => model.run(input)))
      for (const [index, input] of inputs.entries()) expect((await model.run(input)).logits).toEqual(together[index]!.logits)
      const batches = [1, 3, 2].map((batch) => model.run(seededInput(architecture, batch), { batch }))
      for (const { logits } of await Promise.all(batches)) {
        expectAllClose(logits.subarray(0, architecture.classes), together[0]!.logits, conformanceTolerance)
      }
    }))

  it('keeps two models apart, also when one is disposed of', async () => {
    const [one, other] = await Promise.all(
      [0, 1].map((seed) => backend.compile(architecture, seededParameters(architecture, seed))),
    )
    try {
      const input = seededInput(architecture)
      const { logits } = await other!.run(input)
      expect((await one!.run(input)).logits).not.toEqual(logits)
      one!.dispose()
      expect((await other!.run(input)).logits).toEqual(logits)
    } finally {
      one!.dispose()
      other!.dispose()
    }
  })
}

function describeAbort(backend: Backend, missing: MissingCapabilities): void {
  const test = needs('abort', missing)

  test('rejects with the reason of a signal that is aborted already, and runs again after it', () =>
    withModel(backend, async (model) => {
      const input = seededInput(architecture)
      const reason = new Error('enough')
      await expect(model.run(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      await expect(model.run(input, { signal: AbortSignal.abort('a reason that is no error') })).rejects.toBe(
        'a reason that is no error',
      )
      expect((await model.run(input, { signal: new AbortController().signal })).logits).toHaveLength(architecture.classes)
    }))

  test('rejects many runs that share one signal, with its reason', () =>
    withModel(backend, async (model) => {
      const input = seededInput(architecture)
      const controller = new AbortController()
      const waiting = Array.from({ length: 50 }, () => model.run(input, { signal: controller.signal }))
      controller.abort('enough')
      for (const settled of await Promise.allSettled(waiting)) expect(settled).toMatchObject({ reason: 'enough' })
      expect((await model.run(input)).logits).toHaveLength(architecture.classes)
    }))

  test('rejects with the reason or gives the right result if the signal is aborted after the start', () =>
    withModel(backend, async (model) => {
      const input = seededInput(architecture, 8)
      const { logits } = await model.run(input, { batch: 8 })
      const controller = new AbortController()
      const pending = model.run(input, { batch: 8, signal: controller.signal })
      controller.abort('too late')
      const [settled] = await Promise.allSettled([pending])
      if (settled.status === 'fulfilled') expect(settled.value.logits).toEqual(logits)
      else expect(settled.reason).toBe('too late')
      expect((await model.run(input, { batch: 8 })).logits).toEqual(logits)
    }))
}

function describeDispose(backend: Backend): void {
  it('refuses to run with the code DISPOSED after dispose, which may be called twice', async () => {
    const model = await backend.compile(architecture, seededParameters(architecture))
    model.dispose()
    model.dispose()
    await expectRefusal(model.run(seededInput(architecture)), 'DISPOSED')
    await expectRefusal(model.profile(), 'DISPOSED')
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
  })

  it('is disposed of by Symbol.dispose, also before the first run', async () => {
    const model = await backend.compile(architecture, seededParameters(architecture))
    model[Symbol.dispose]()
    await expectRefusal(model.run(seededInput(architecture)), 'DISPOSED')
  })
}

function describeAccounts(backend: Backend, missing: MissingCapabilities): void {
  it('says which backend, device and architecture it is', () =>
    withModel(backend, async (model) => {
      expect(model.backend).toBe(backend.name)
      expect(model.device).not.toBe('')
      expect(model.architecture).toEqual(architecture)
    }))

  needs('memory', missing)('memory() counts weights and activations in whole bytes', () =>
    withModel(backend, async (model) => {
      await model.run(seededInput(architecture))
      const { weights, activations, scratch, code } = model.memory()
      for (const bytes of [weights, activations]) expect(bytes).toBeGreaterThan(0)
      for (const bytes of [scratch, code]) expect(bytes).toBeGreaterThanOrEqual(0)
      for (const bytes of [weights, activations, scratch, code]) expect(Number.isSafeInteger(bytes)).toBe(true)
    }),
  )

  needs('profile', missing)('profile() covers every layer once', () =>
    withModel(backend, async (model) => {
      const times = await model.profile()
      expect(times.flatMap(({ layers }) => layers).toSorted()).toEqual(layerIds.toSorted())
      for (const { milliseconds } of times) {
        expect(Number.isFinite(milliseconds)).toBe(true)
        expect(milliseconds).toBeGreaterThanOrEqual(0)
      }
    }),
  )
}

/** Tests what a compiled model promises beside right outputs: refusals, repeated and concurrent runs, abort, dispose, memory and times. */
export function describeLifecycle(backend: Backend, missing: MissingCapabilities): void {
  describe('refusals', () => describeRefusals(backend))
  describe('runs', () => describeRuns(backend))
  describe('abort', () => describeAbort(backend, missing))
  describe('dispose', () => describeDispose(backend))
  describe('accounts', () => describeAccounts(backend, missing))
}
