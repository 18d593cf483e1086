import { type CompiledModel, defineMobileNetV2, type OutputName } from '@mobilenetv2/spec'
import { describe, expect, it, vi } from 'vitest'
import { createCompiledModel, createQueue, type ModelParts, type Queue, type Run } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const input = new Float32Array(32 * 32 * 3)
const memory = { weights: 1, activations: 2, scratch: 3, code: 4 }

/** A model whose runs end when they are told to. */
function stub(queue?: Queue): {
  model: CompiledModel
  runs: Run<OutputName>[]
  ends: (() => void)[]
  dispose: ModelParts['dispose']
} {
  const runs: Run<OutputName>[] = []
  const ends: (() => void)[] = []
  const dispose = vi.fn()
  const model = createCompiledModel({
    backend: 'stub',
    device: 'none',
    architecture,
    queue,
    run: (run) => {
      runs.push(run as Run<OutputName>)
      return new Promise((resolve) => {
        ends.push(() => resolve({} as Parameters<typeof resolve>[0]))
      })
    },
    profile: async () => [],
    memory: () => memory,
    dispose,
  })
  return { model, runs, ends, dispose }
}

const microtasks = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await null
}

describe('run', () => {
  it('gives a backend one run at a time, with all its options', async () => {
    const { model, runs, ends } = stub()
    const first = model.run(input)
    const second = model.run(new Float32Array(2 * input.length), { batch: 2, outputs: ['features', 'features'] })
    await microtasks()
    expect(runs).toMatchObject([{ batch: 1, outputs: ['logits'], signal: undefined }])
    ends[0]!()
    await first
    await microtasks()
    expect(runs[1]).toMatchObject({ batch: 2, outputs: ['features'] })
    ends[1]!()
    await second
  })

  it('waits in the queue that the model was given', async () => {
    const queue = createQueue()
    const [one, other] = [stub(queue), stub(queue)]
    const running = [one.model.run(input), other.model.run(input)]
    await microtasks()
    expect([one.runs.length, other.runs.length]).toEqual([1, 0])
    one.ends[0]!()
    await running[0]
    await microtasks()
    expect(other.runs.length).toBe(1)
    other.ends[0]!()
    await running[1]
  })

  it.each<[string, string, () => Promise<unknown>]>([
    ['a batch of 0', 'INPUT', () => stub().model.run(input, { batch: 0 })],
    ['an input of another length', 'INPUT', () => stub().model.run(input.subarray(1))],
    ['an output that no model has', 'INPUT', () => stub().model.run(input, { outputs: ['probabilities' as 'logits'] })],
    ['an option that does not exist', 'OPTION', () => stub().model.run(input, { output: ['features'] } as object)],
  ])('refuses %s with the code %s', async (_title, code, run) => {
    await expect(run()).rejects.toMatchObject({ code })
  })
})

describe('a signal', () => {
  it('rejects 50 queued runs at once, with one listener, and the runs behind the first never begin', async () => {
    const controller = new AbortController()
    const listen = vi.spyOn(controller.signal, 'addEventListener')
    const { model, runs, ends } = stub()
    const waiting = Array.from({ length: 50 }, () => model.run(input, { signal: controller.signal }))
    await microtasks()
    controller.abort('enough')
    for (const { status, ...rest } of await Promise.allSettled(waiting))
      expect({ status, ...rest }).toEqual({ status: 'rejected', reason: 'enough' })
    expect(listen).toHaveBeenCalledTimes(1)
    ends[0]!()
    await microtasks()
    expect(runs.length).toBe(1)
    expect(() => runs[0]!.throwIfEnded()).toThrow('enough')
  })

  it('that is aborted after a run changes nothing', async () => {
    const controller = new AbortController()
    const { model, ends } = stub()
    const run = model.run(input, { signal: controller.signal })
    await microtasks()
    ends[0]!()
    await run
    controller.abort('too late')
    await microtasks()
  })

  it('that is aborted already ends a run before it waits', async () => {
    const { model, runs } = stub()
    await expect(model.run(input, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
    await microtasks()
    expect(runs).toEqual([])
  })
})

describe('dispose', () => {
  it('frees once, and leaves a model that holds nothing and refuses everything', async () => {
    const { model, runs, ends, dispose } = stub()
    const running = model.run(input)
    const waiting = model.run(input)
    await microtasks()
    expect(model.memory()).toEqual(memory)
    model.dispose()
    model[Symbol.dispose]()
    expect(dispose).toHaveBeenCalledTimes(1)
    expect(model.memory()).toEqual({ weights: 0, activations: 0, scratch: 0, code: 0 })
    expect(() => runs[0]!.throwIfEnded()).toThrow(expect.objectContaining({ code: 'DISPOSED' }))
    ends[0]!()
    await running
    for (const refused of [waiting, model.run(input), model.profile()])
      await expect(refused).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})
