import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load } from '../src/load.js'
import { labelledPhotos, leftOut, modelsFolder, nativeBest } from './real-models.js'

// Of 100 photos: right at top 1, right at top 5, and the same best label as the native integer runtime.
const models = [
  { file: 'tf2_mobilenet_v2_1.0_224_ptq.tflite', top1: 88, top5: 98, agree: 92 },
  { file: 'mobilenet_v2_1.0_224_quant.tflite', top1: 89, top5: 97, agree: 98 },
]

describe.skipIf(leftOut !== '')(`photos${leftOut}`, () => {
  it.each(models)(
    '$file: at least $top1 right at top 1, $top5 at top 5, $agree as native int8',
    async (expected) => {
      using model = await load(join(modelsFolder ?? '', expected.file))
      const photos = new Map(labelledPhotos().map((photo) => [photo.path, photo]))
      const native = nativeBest(expected.file)
      const count = { top1: 0, top5: 0, agree: 0 }
      for await (const outcome of model.classifyBatch(photos.keys())) {
        if ('error' in outcome) throw outcome.error
        const photo = photos.get(outcome.picture)
        const indices = outcome.answers.map(({ index }) => index)
        if (indices[0] === photo?.classIndex) count.top1 += 1
        if (indices.includes(photo?.classIndex ?? -1)) count.top5 += 1
        if (indices[0] === native.get(photo?.name ?? '')) count.agree += 1
      }
      expect(photos.size).toBe(100)
      expect(count.top1, 'top 1').toBeGreaterThanOrEqual(expected.top1)
      expect(count.top5, 'top 5').toBeGreaterThanOrEqual(expected.top5)
      expect(count.agree, 'as native int8').toBeGreaterThanOrEqual(expected.agree)
    },
    120_000,
  )
})
