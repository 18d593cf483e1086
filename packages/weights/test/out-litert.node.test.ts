import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { expectAllClose, runIntegerReference, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { beforeAll, expect, it } from 'vitest'
import { toTflite } from '../src/out/tflite.js'
import { quantizeNetwork } from '../src/quantize/quantize-network.js'
import { floatNetwork, onPictures, seededPictures } from './support/calibration.js'
import { tfliteArchitectures } from './support/out-architectures.js'
import { smallest } from './support/small-options.js'

type LiteRt = typeof import('@litertjs/core')
let liteRt: LiteRt

/**
 * LiteRT.js loads its module by `importScripts` and takes `self.ModuleFactory` from it, as a web worker does. The module itself also
 * runs in Node, as CommonJS, which its package's type hides.
 */
async function loadInNode(): Promise<LiteRt> {
  const require = createRequire(import.meta.url)
  const importScripts = (file: string): void => {
    const module: { exports: unknown } = { exports: {} }
    const names = ['module', 'exports', 'require', '__filename', '__dirname']
    compileFunction(readFileSync(file, 'utf8'), names)(module, module.exports, require, file, dirname(file))
    Object.assign(globalThis, { ModuleFactory: module.exports })
  }
  Object.assign(globalThis, { self: globalThis, importScripts })
  const loaded = await import('@litertjs/core')
  await loaded.loadLiteRt(join(dirname(require.resolve('@litertjs/core')), '../wasm'))
  return loaded
}

beforeAll(async () => {
  liteRt = await loadInNode()
}, 60_000)

it.each(tfliteArchitectures)('LiteRT.js gives the logits of the reference within 1e-4: %s', async (_, architecture) => {
  const parameters = seededParameters(architecture)
  const input = seededInput(architecture)
  const { height, width } = architecture.input
  const model = await liteRt.loadAndCompile(toTflite({ architecture, parameters }), { accelerator: 'wasm' })
  expect(model.getInputDetails().map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }))).toEqual([
    { name: 'input', dtype: 'float32', shape: [1, height, width, 3] },
  ])
  expect(model.getOutputDetails().map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }))).toEqual([
    { name: 'logits', dtype: 'float32', shape: [1, architecture.layers.at(-1)!.output.channels] },
  ])
  const pixels = new liteRt.Tensor(input, [1, height, width, 3])
  const [logits] = await model.run(pixels)
  const values = (await logits!.data()) as Float32Array
  expectAllClose(values, runReference(architecture, parameters, input).logits, { relative: 1e-4 })
  for (const used of [pixels, logits!, model]) used.delete()
})

it('LiteRT.js gives the bits of the integer reference for a quantised network', async () => {
  const network = floatNetwork({ ...smallest, height: 32, width: 32, classes: 0, padding: 'symmetric' })
  const { architecture } = network
  const [picture] = seededPictures(network, 1)
  const { integers } = await quantizeNetwork(network, onPictures([picture!]))
  const model = await liteRt.loadAndCompile(toTflite({ ...network, integers }, { dtype: 'I8' }), { accelerator: 'wasm' })
  expect(model.getInputDetails().map(({ dtype }) => dtype)).toEqual(['uint8'])
  const levels = Uint8Array.from(picture!, (value) => Math.round((value * 0.5 + 0.5) * 255))
  const pixels = new liteRt.Tensor(levels, [1, 32, 32, 3])
  const [features] = await model.run(pixels)
  const [, expected] = [...runIntegerReference(architecture, integers, picture!)].at(-1)!
  const { least } = integers.layers.get('pool')!.output
  expect([...(await features!.data())]).toEqual([...expected].map((value) => value - least))
  for (const used of [pixels, features!, model]) used.delete()
})
