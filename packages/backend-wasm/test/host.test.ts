import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { wasm } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)

afterEach(() => vi.unstubAllGlobals())

/** The device and the logits of a model. */
async function answerOf(threads?: number): Promise<{ device: string; logits: Float32Array }> {
  const backend = wasm({ threads })
  using model = await backend.compile(architecture, parameters)
  expect(await backend.availability()).toMatchObject({ device: model.device })
  const { logits } = await model.run(seededInput(architecture))
  return { device: model.device, logits }
}

/** A port that refuses shared memory, as in an engine that cannot share memory. */
class RefusingChannel {
  readonly port1 = {
    postMessage() {
      throw new DOMException('#<SharedArrayBuffer> could not be cloned.', 'DataCloneError')
    },
  }
}

describe('an engine', () => {
  it('that can share memory has several workers by default, and gives no reason', async () => {
    expect((await answerOf()).device).toMatch(/simd, \d threads?$/)
  })

  it.each([undefined, 1, 2])('without SharedArrayBuffer has one worker, and says why; option threads: %s', async (threads) => {
    const { logits } = await answerOf(0)
    vi.stubGlobal('SharedArrayBuffer', undefined)
    const answer = await answerOf(threads)
    expect(answer.device).toMatch(threads === 1 ? /simd, 1 thread$/ : /simd, 1 thread \(no SharedArrayBuffer\)$/)
    expect(answer.logits).toEqual(logits)
  })

  it('that cannot post shared memory has one worker, and says why', async () => {
    vi.stubGlobal('MessageChannel', RefusingChannel)
    const device = expect.stringMatching(/simd, 1 thread \(shared memory cannot be given to workers\)$/)
    expect(await wasm().availability()).toEqual({ available: true, device })
  })
})
