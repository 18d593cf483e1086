import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type CompiledModel, defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { wasm } from '../src/index.js'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What one model of the test takes, and what 20 workers that were left behind would take. */
const memoryOfOne = 2_000_000
const memoryOfWorkers = 100_000_000

it.each([0, 2])(
  '200 rounds of compile, run and dispose leave no growth, option threads: %d',
  { timeout: 240_000 },
  async (threads) => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
    const parameters = seededParameters(architecture)
    const input = seededInput(architecture)
    const kept: CompiledModel[] = []
    const round = async (): Promise<void> => {
      const model = await wasm({ threads }).compile(architecture, parameters)
      await model.run(input)
      model.dispose()
      kept.push(model)
    }
    const memoryInUse = async (): Promise<{ buffers: number; resident: number }> => {
      for (let pass = 0; pass < 3; pass++) {
        collectGarbage()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const { arrayBuffers, external, rss } = process.memoryUsage()
      return { buffers: arrayBuffers + external, resident: rss }
    }
    for (let warmUp = 0; warmUp < 5; warmUp++) await round()
    const before = await memoryInUse()
    for (let index = 0; index < 200; index++) await round()
    const after = await memoryInUse()
    expect(after.buffers - before.buffers).toBeLessThan(memoryOfOne)
    expect(after.resident - before.resident).toBeLessThan(memoryOfWorkers)
  },
)
