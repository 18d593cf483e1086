import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { createCompiledModel } from '../src/index.js'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

it('holds no part of a model after its dispose, whatever the parts hold', async () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32 })
  const create = () => {
    const weights = new Float32Array(100)
    const model = createCompiledModel({
      backend: 'stub',
      device: 'none',
      architecture,
      run: async () => ({ logits: weights }) as never,
      profile: async () => [],
      memory: () => ({ weights: weights.byteLength, activations: 0, scratch: 0, code: 0 }),
      dispose: () => expect(weights).toHaveLength(100),
    })
    return { model, weights: new WeakRef(weights) }
  }
  const { model, weights } = create()
  await model.run(new Float32Array(32 * 32 * 3))
  expect(model.memory().weights).toBe(400)
  model.dispose()
  await new Promise((resolve) => setTimeout(resolve))
  collectGarbage()
  expect(weights.deref()).toBeUndefined()
  expect(model.memory().weights).toBe(0)
})
