import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { type WebGpuModel, webgpu } from '../src/index.js'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

it('holds no weights after dispose, though it could open another device until then', async () => {
  const architecture = defineMobileNetV2({
    table: [[2, 8, 2, 2]],
    stemChannels: 8,
    headChannels: 16,
    height: 32,
    width: 32,
    classes: 10,
  })
  const used = async (): Promise<{ model: WebGpuModel; parameters: WeakRef<object> }> => {
    const parameters = seededParameters(architecture)
    const model = await webgpu().compile(architecture, parameters)
    await model.run(seededInput(architecture))
    model.dispose()
    return { model, parameters: new WeakRef(parameters) }
  }
  const { model, parameters } = await used()
  for (let round = 0; round < 100 && parameters.deref() !== undefined; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    collectGarbage()
  }
  expect(parameters.deref()).toBeUndefined()
  expect(() => model.gpu).toThrow(expect.objectContaining({ code: 'DISPOSED' }))
})
