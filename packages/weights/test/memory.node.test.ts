// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readNetwork, toSafetensors } from '../src/index.js'
import { allocationsOf } from './support/allocations.js'

const options = {}
const file = toSafetensors({
  options,
  parameters: seededParameters(defineMobileNetV2(options)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  classes: { labels: [], background: null, output: 'softmax' },
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
  // The parameters are views of the file, so the bytes of all arrays are also the most that exist at the same time.
  { of: 'a known length', headers: { 'content-length': String(file.length) }, most: 1.2 },
  // The pieces of the stream, and the file that they are joined to.
  { of: 'a length that is not known', headers: {}, most: 2.2 },
])(
  'a file of 14 MB and $of: the arrays made for it, until the network is there, stay under $most times its size',
  async ({ headers, most }) => {
    expect(file.length).toBeGreaterThan(13_900_000)
    const { result, allocations } = await allocationsOf(() => readNetwork(response(headers as Record<string, string>)))
    expect(result.parameters.size).toBe(53)
    expect(allocations.arrays / file.length).toBeLessThan(most)
    expect(allocations.arrays / file.length).toBeGreaterThan(most - 0.3)
  },
)
