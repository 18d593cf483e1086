// Before all others, whose arrays it counts.
import './allocations.js'

import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint, toParameters, toSafetensors } from '../src/index.js'
import { allocationsOf } from './allocations.js'

const options = {}
const architecture = defineMobileNetV2(options)
const file = toSafetensors(seededParameters(architecture), {
  family: 'PyTorch',
  options,
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  backgroundClass: null,
})
const piece = 65_536

/** The file as `fetch` gives it: views of bytes that the network holds. */
function response(headers: Record<string, string>): Response {
  let at = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(file.subarray(at, at + piece))
      at += piece
      if (at >= file.length) controller.close()
    },
  })
  return new Response(stream, { headers })
}

test.each([
  // The file, of which the parameters are views: what is made in all is then also the most that is held at once.
  { of: 'a known length', headers: { 'content-length': String(file.length) }, most: 1.2 },
  // The pieces and the file.
  { of: 'a length that is not known', headers: {}, most: 2.2 },
])(
  'a file of 14 MB and $of: the arrays made for it, until its parameters are there, stay under $most times its size',
  async ({ headers, most }) => {
    expect(file.length).toBeGreaterThan(13_900_000)
    const { result, allocations } = await allocationsOf(async () => {
      const checkpoint = await readCheckpoint(response(headers as Record<string, string>))
      return toParameters(checkpoint, defineMobileNetV2(inferOptions(checkpoint).options))
    })
    expect(result.size).toBe(53)
    expect(allocations.arrays / file.length).toBeLessThan(most)
    expect(allocations.arrays / file.length).toBeGreaterThan(most - 0.3)
  },
)
