// The worker of `test-workerd.mjs`, written as docs/where-it-runs.md says. `workerd test` calls `test`, and fails if it rejects.
import { decode } from 'jpeg-js'
import { load } from 'mobilenetv2/browser'
import expected from './expected.json'
import kernels from './kernels.wasm'
import network from './model.safetensors'
import photo from './photo.jpg'
import resize from './resize.wasm'

function check(what, got, wanted) {
  if (got !== wanted) throw new Error(`${what}: ${got}, not ${wanted}`)
  console.log(`${what}: ${got}`)
}

async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

export default {
  async test() {
    const bytes = new Uint8Array(network)
    const uncompiled = await refusal(load(bytes))
    check('without modules', uncompiled.code, 'BACKEND')
    check('it says what to do', uncompiled.message.includes('mobilenetv2 emit'), true)

    const model = await load(bytes, { modules: { kernels, resize } })
    check('device', model.device, 'wasm relaxed-simd, compiled ahead of time, 1 thread')

    const pixels = decode(photo, { useTArray: true })
    const [best] = await model.classify(pixels)
    check('best answer', best.label, expected.label)
    // Decoders of JPEG differ by a level or two.
    check('nearly its probability', Math.abs(best.probability - expected.probability) < 0.03, true)

    const undecoded = await refusal(model.classify(new Uint8Array(photo)))
    check('a file', undecoded.code, 'IMAGE')
    check('it says what to do', undecoded.message.includes('give its pixels'), true)
    check('a path', (await refusal(load('model.safetensors'))).code, 'SOURCE')
    check('a layer inside', (await refusal(model.activation(pixels, 'stem'))).code, 'BACKEND')
  },
}
