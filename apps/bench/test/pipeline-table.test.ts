import { expect, test } from 'vitest'
import { renderPipeline } from '../src/pipeline/table.js'
import { samplePipeline } from './sample-pipeline.js'

test('the table has a row for what ran with its note, and a line for what did not', () => {
  const text = renderPipeline(samplePipeline)
  expect(text).toContain('From file to answer: 80 photos, imagenet-1.0-224, Node v24.1.0, A processor, 2 processors')
  expect(text).toMatch(/^ {2}wasm +16\.0 ms +63 a second +1\.20 x +8\.00 ms +125 a second +250\.0 MB +75 % +wasm simd, 1 thread$/m)
  expect(text).toMatch(/^ {2}Python: Pillow \+ onnxruntime: not installed: pip install numpy$/m)
  expect(text).toMatch(/^wasm: a note$/m)
})
