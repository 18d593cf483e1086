import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { toSafetensors } from '@mobilenetv2/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmittedModules, load, readNetwork } from '../src/index.js'
import { run } from './run-cli.js'

let folder: string
let model: string

const read = async (name: string): Promise<WebAssembly.Module> =>
  new WebAssembly.Module(Uint8Array.from(await readFile(join(folder, name))))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-emit-'))
  model = join(folder, 'source.safetensors')
  // This recipe resizes, as those of most networks do.
  const network = await readNetwork('nsfw-1.0-224')
  await writeFile(model, toSafetensors({ ...network, preprocessing: { ...network.preprocessing, interpolation: 'bilinear' } }))
  expect(await run('emit', model, '--out', join(folder, 'model'))).toMatchObject({ status: 0, stderr: '' })
  // Node starts slowly on a machine that is busy.
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** The program below contains the text of this function. */
const picture = () => ({ data: Uint8Array.from({ length: 180000 }, (_, index) => (index * 31) % 256), width: 300, height: 200 })

/** A program whose engine compiles nothing once the files are compiled. */
const program = `
  import { readFileSync } from 'node:fs'
  import { load } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
  const [folder] = process.argv.slice(1)
  const moduleOf = (name) => new WebAssembly.Module(readFileSync(folder + '/' + name))
  const modules = { kernels: moduleOf('kernels.wasm'), resize: moduleOf('resize.wasm') }
  const { instantiate } = WebAssembly
  const refuse = () => { throw new WebAssembly.CompileError('forbidden') }
  WebAssembly.compile = async () => refuse()
  WebAssembly.instantiate = async (module, imports) => ArrayBuffer.isView(module) ? refuse() : instantiate(module, imports)
  WebAssembly.Module = Object.assign(function () { refuse() }, { customSections: WebAssembly.Module.customSections })
  const network = folder + '/model.safetensors'
  const uncompiled = await load(network, { backend: 'wasm', threads: 0 }).catch(({ message }) => message)
  const { classify, device } = await load(network, { modules })
  console.log(JSON.stringify({ uncompiled, device, answers: await classify((${picture})()) }))
`

describe('emit', () => {
  it('writes the modules and the network', () => {
    expect(readdirSync(join(folder, 'model')).sort()).toEqual(['kernels.wasm', 'model.safetensors', 'resize.wasm'])
  })

  it("writes files that give the network's answers in an engine that compiles nothing", async () => {
    const flags = ['--input-type=module', '--eval', program, join(folder, 'model')]
    const { uncompiled, device, answers } = JSON.parse((await promisify(execFile)(process.execPath, flags)).stdout)
    expect(uncompiled).toContain('mobilenetv2 emit')
    expect(device).toBe('wasm simd, compiled ahead of time, 1 thread')
    using usual = await load(model, { backend: 'wasm' })
    const expected = await usual.classify(picture())
    expect(answers).toEqual(expected.map((answer) => ({ ...answer, probability: expect.closeTo(answer.probability, 4) })))
  })

  it('writes smaller weights if asked', async () => {
    const small = join(folder, 'small')
    expect(await run('emit', model, '--out', small, '--relaxed', '--dtype', 'F16')).toMatchObject({ status: 0 })
    const [whole, half] = await Promise.all([join(folder, 'model'), small].map((path) => readFile(join(path, 'model.safetensors'))))
    expect(half!.length).toBeLessThan(0.6 * whole!.length)
    await rm(small, { recursive: true })
  })

  it('says what is wrong with a folder that cannot be made', async () => {
    expect(await run('emit', model, '--out', model)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('A file cannot be written'),
    })
  })
})

describe('modules', () => {
  it('of another network are refused', async () => {
    const kernels = await read('model/kernels.wasm')
    await expect(load('nsfw-1.4-224', { modules: { kernels } })).rejects.toMatchObject({ code: 'BACKEND' })
  })

  it("in each other's place are refused", async () => {
    const [kernels, resize] = [await read('model/resize.wasm'), await read('model/kernels.wasm')]
    await expect(load(model, { modules: { kernels } })).rejects.toMatchObject({ code: 'BACKEND' })
    await expect(load(model, { modules: { kernels: resize, resize } })).rejects.toMatchObject({ code: 'IMAGE' })
  })

  it('of a wrong type are refused before anything is read', async () => {
    const wrong = [{}, { kernels: new Uint8Array(8) }, { kernels: null }, null] as unknown[]
    for (const modules of wrong) {
      await expect(load('no-such-model', { backend: 'wasm', modules: modules as EmittedModules })).rejects.toMatchObject({
        code: 'OPTION',
      })
    }
  })

  it('are for the backend wasm', async () => {
    const modules = { kernels: await read('model/kernels.wasm') }
    await expect(load(model, { backend: 'webgpu', modules })).rejects.toMatchObject({ code: 'OPTION' })
  })
})
