import { type CompiledModel, defineMobileNetV2 } from '@mobilenetv2/spec'
import { describeBackendConformance, seededParameters } from '@mobilenetv2/testing'
import { afterAll, beforeAll } from 'vitest'
import { webgpu } from '../src/index.js'

// A model that lives as long as the tests keeps the shared device open, and so keeps the compiled pipelines.
let keeper: CompiledModel
beforeAll(async () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  keeper = await webgpu().compile(architecture, seededParameters(architecture))
})
afterAll(() => keeper.dispose())

describeBackendConformance(webgpu())
