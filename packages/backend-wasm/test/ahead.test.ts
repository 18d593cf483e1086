import { type Architecture, defineMobileNetV1, defineMobileNetV2 } from '@mobilenetv2/spec'
import { headArchitectures, refusal, seededInput, seededParameters } from '@mobilenetv2/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type EmitOptions, emitKernels } from '../src/ahead/emit-kernels.js'
import { simdLevel, type WasmOptions, wasm } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 64, width: 64, classes: 10 })
const parameters = seededParameters(architecture)

/** The levels that this engine runs. */
const levels: readonly EmitOptions[] = simdLevel() === 'relaxed-simd' ? [{}, { relaxed: true }] : [{}]

/** Compiles a file, as the platform does. */
const moduleOf = (emitted: Uint8Array<ArrayBuffer>): WebAssembly.Module => new WebAssembly.Module(emitted)

/** Makes the engine refuse to compile, as Cloudflare's does. */
function forbidCompiling(): void {
  const refuse = () => {
    throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder')
  }
  const { instantiate } = WebAssembly
  vi.spyOn(WebAssembly, 'compile').mockImplementation(async () => refuse())
  vi.spyOn(WebAssembly, 'Module').mockImplementation(refuse)
  vi.spyOn(WebAssembly, 'instantiate').mockImplementation((async (module: WebAssembly.Module, imports: WebAssembly.Imports) =>
    ArrayBuffer.isView(module) ? refuse() : instantiate(module, imports)) as never)
}

afterEach(() => vi.restoreAllMocks())

async function logitsOf(options: WasmOptions, network: Architecture): Promise<{ device: string; logits: Float32Array }> {
  using model = await wasm(options).compile(network, seededParameters(network))
  expect(await wasm(options).availability()).toEqual({ available: true, device: model.device })
  return { device: model.device, logits: (await model.run(seededInput(network))).logits }
}

describe.each(levels)('kernels that were emitted with %o', (options) => {
  it.each([
    ['a MobileNetV2', architecture],
    ['a MobileNetV1', defineMobileNetV1({ widthMultiplier: 0.25, height: 32, width: 32, classes: 7 })],
    ['a network with a head of its own', headArchitectures[0]![1]],
  ])('run %s in an engine that compiles nothing, and give the same logits', async (_, network) => {
    const kernels = moduleOf(emitKernels(network, options))
    const expected = await logitsOf({ threads: 0 }, network)
    forbidCompiling()
    const { device, logits } = await logitsOf({ kernels }, network)
    expect(device).toMatch(/^wasm (relaxed-)?simd, compiled ahead of time, 1 thread$/)
    // Levels differ in the last bits: relaxed SIMD rounds once where SIMD rounds twice.
    if (expected.device.includes('relaxed') === (options.relaxed ?? false)) expect(logits).toEqual(expected.logits)
    else for (const [index, logit] of logits.entries()) expect(logit).toBeCloseTo(expected.logits[index]!, 4)
    await expect(wasm({ threads: 0 }).compile(network, seededParameters(network))).rejects.toThrow('mobilenetv2 emit')
  })
})

describe('kernels that are not those of the network', () => {
  const kernels = moduleOf(emitKernels(architecture))

  it.each([
    ['another size', defineMobileNetV2({ widthMultiplier: 0.35, height: 96, width: 96, classes: 10 })],
    ['another number of classes', defineMobileNetV2({ widthMultiplier: 0.35, height: 64, width: 64, classes: 1000 })],
  ])('of %s are refused', async (_, network) => {
    const error = await refusal(wasm({ kernels }).compile(network, seededParameters(network)))
    expect(error).toMatchObject({ code: 'BACKEND', details: { where: 'option kernels', got: 'other code' } })
    expect(error.message).toContain('mobilenetv2 emit')
  })

  it('of another program, or with settings of another version, are refused', async () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    expect(await refusal(wasm({ kernels: empty }).compile(architecture, parameters))).toMatchObject({ code: 'BACKEND' })
    const emitted = emitKernels(architecture)
    const text = new TextEncoder().encode('"level":"simd"')
    const at = emitted.findIndex((_, start) => text.every((byte, index) => emitted[start + index] === byte))
    emitted.set(new TextEncoder().encode('"level":"sImd"'), at)
    expect(await refusal(wasm({ kernels: moduleOf(emitted) }).compile(architecture, parameters))).toMatchObject({ code: 'BACKEND' })
  })

  it.each([
    ['bytes in place of a module', () => wasm({ kernels: emitKernels(architecture) }), 'option kernels'],
    ['threads', () => wasm({ kernels, threads: 2 }), 'option threads'],
    ['a precision', () => wasm({ kernels, precision: 'int8' }), 'option precision'],
    ['a tuning', () => wasm({ kernels, tuning: 'off' }), 'option tuning'],
  ])('%s beside them is refused', (_, make, where) => {
    expect(make).toThrow(expect.objectContaining({ code: 'OPTION', details: expect.objectContaining({ where }) }))
  })
})
