import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

/** A program of its own, which must end by itself. */
async function outputOf(program: string): Promise<string> {
  const packages = new URL('..', import.meta.url)
  const text = `
    import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
    import { wasm } from '@mobilenetv2/backend-wasm'
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
    const parameters = new Map(architecture.layers.filter(isWeighted).map((layer) => [
      layer.id,
      { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) },
    ]))
    const input = new Float32Array(32 * 32 * 3)
    ${program}`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], { cwd: packages })
  return stdout
}

describe('in Node', () => {
  it.each([undefined, 0, 1, 2])(
    'a program ends while it holds a model that it never disposes of; option threads: %s',
    async (threads) => {
      const stdout = await outputOf(`
      const model = await wasm({ threads: ${threads} }).compile(architecture, parameters)
      console.log((await model.run(input)).logits.length)
      globalThis.model = model`)
      expect(stdout).toBe('10\n')
    },
  )

  it('a program ends only after a run that nobody awaits', async () => {
    const stdout = await outputOf(`
      const model = await wasm().compile(architecture, parameters)
      model.run(input).then(({ logits }) => console.log(logits.length))`)
    expect(stdout).toBe('10\n')
  })
})
