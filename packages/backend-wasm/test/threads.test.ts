import { defineMobileNetV2, type LayerParameters } from '@mobilenetv2/spec'
import { refusal, seededInput, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { generateModule } from '../src/codegen/generate.js'
import { simdLevel } from '../src/codegen/simd-level.js'
import { wasm } from '../src/index.js'
import { packParameters } from '../src/plan/pack.js'
import type { Plan } from '../src/plan/plan.js'
import { onWorkers } from '../src/threads/on-workers.js'
import { startWorkerPool } from '../src/threads/worker-pool.js'
import { planModel } from './support/plan-body.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 97, width: 71, classes: 30 })
const parameters = seededParameters(architecture)
const packOf = (plan: Plan<LayerParameters>) => (memory: ArrayBufferLike) => packParameters(plan, parameters, memory)
const bytesOf = ({ buffer }: Float32Array) => new Uint8Array(buffer as ArrayBuffer)

describe('threads', () => {
  it('give bit for bit what the calling thread gives, however many they are', async () => {
    const inputs = [0, 1, 2].map((seed) => seededInput(architecture, 1, seed))
    using alone = await wasm({ threads: 0 }).compile(architecture, parameters)
    const expected = await Promise.all(inputs.map((input) => alone.run(input, { outputs: ['logits', 'features'] })))
    for (const threads of [1, 2, 3, 5]) {
      using model = await wasm({ threads }).compile(architecture, parameters)
      for (let round = 0; round < 10; round++) {
        expect(await Promise.all(inputs.map((input) => model.run(input, { outputs: ['logits', 'features'] })))).toEqual(expected)
      }
    }
  })

  it('without shared memory are one, which gives the same', async () => {
    using alone = await wasm({ threads: 0 }).compile(architecture, parameters)
    const plan = planModel(architecture)
    const code = generateModule(plan, simdLevel() === 'relaxed-simd')
    const executor = await onWorkers(startWorkerPool(1, false), plan, code, packOf(plan))
    const { address, channels } = plan.logits
    for (const seed of [0, 1, 2]) {
      const picture = seededInput(architecture, 1, seed)
      const job = { picture: bytesOf(picture), callCount: plan.calls.length, results: [{ address, bytes: channels * 4 }] }
      const { results, times } = await executor.run(job, () => undefined)
      expect(new Float32Array(results[0]!.buffer)).toEqual((await alone.run(picture)).logits)
      expect(times).toHaveLength(plan.calls.length + 1)
    }
    expect(executor.bufferBytes).toBe(97 * 71 * 3 * 4)
    executor.dispose()
  })

  it.each([undefined, 1])('leave the calling thread free if the option is %s', async (threads) => {
    using model = await wasm({ threads }).compile(architecture, parameters)
    expect(model.device).not.toContain('0 threads')
    const batch = 200
    let done = false
    const run = model.run(seededInput(architecture, batch), { batch }).then(() => {
      done = true
    })
    await new Promise((resolve) => setTimeout(resolve))
    expect(done).toBe(false)
    await run
  })

  it('take scratch of their own, and memory() counts it', async () => {
    using two = await wasm({ threads: 2 }).compile(architecture, parameters)
    using three = await wasm({ threads: 3 }).compile(architecture, parameters)
    const [plan, larger] = [planModel(architecture, 2), planModel(architecture, 3)]
    expect(three.memory().scratch - two.memory().scratch).toBe((larger.pages - plan.pages) * 65536)
    expect(larger.counts - plan.counts).toBe(plan.scratch.bytesOfThread)
  })

  it.each([-1, 1.5, NaN, 65, 1e9, '2' as never, null as never])('refuses %s of them when the backend is made', (threads) => {
    const details = expect.objectContaining({ where: 'option threads' })
    expect(() => wasm({ threads })).toThrow(expect.objectContaining({ code: 'OPTION', details }))
  })

  it('are an option, and no other name is', () => {
    expect(() => wasm({ thread: 2 } as object)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })

  it('are what availability says too', async () => {
    expect(await wasm({ threads: 2 }).availability()).toMatchObject({ device: expect.stringMatching(/, 2 threads$/) })
  })

  it('say so where one fails while it starts, and all others end', async () => {
    const pool = startWorkerPool(2, true)
    const start = { module: null } as never
    const error = await refusal(pool.start([start, start], []))
    expect(error.code).toBe('BACKEND')
    expect(error.message).toMatch(/does not start/)
    expect(error.details.remedy).toContain('threads: 0')
  })

  it('say so where the engine refuses to post what they need', async () => {
    const error = await refusal(startWorkerPool(1, true).start([{ module: () => undefined } as never], []))
    expect(error.code).toBe('BACKEND')
    expect(error.details.cause).toBeInstanceOf(DOMException)
  })

  it('say so where one fails while it works, and none waits for it for ever', async () => {
    const plan = planModel(architecture, 2)
    const astray = { ...plan, calls: plan.calls.map((call, index) => (index === 3 ? { ...call, output: -1_000_000 } : call)) }
    const executor = await onWorkers(startWorkerPool(2, true), astray, generateModule(plan, false, true), packOf(plan))
    const job = { picture: bytesOf(seededInput(architecture)), callCount: plan.calls.length, results: [] }
    const error = await refusal(executor.run(job, () => undefined))
    expect(error.code).toBe('BACKEND')
    expect(error.message).toMatch(/A worker of the model failed.*memory access out of bounds/s)
    expect(await refusal(executor.run(job, () => undefined))).toBe(error)
    executor.dispose()
  })
})
