import type { PipelineReport } from '../src/pipeline/pipeline.js'

/** A report of the pipeline with a way that ran, with a note, and one that could not. */
export const samplePipeline: PipelineReport = {
  ...{
    node: 'v24.1.0',
    cpu: 'A processor',
    loadBefore: 0.1,
    workers: 2,
    photos: 80,
    model: 'imagenet-1.0-224',
    date: '2026-11-24T04:12:00.000Z',
  },
  results: [
    {
      ...{ name: 'wasm', device: 'wasm simd, 1 thread', medianMs: 16, ratioToPeer: 1.2, agreement: 0.75, msAtOnce: 8 },
      ...{ peakMemoryBytes: 250e6, error: null, note: 'a note' },
    },
    {
      ...{ name: 'Python: Pillow + onnxruntime', device: null, medianMs: null, ratioToPeer: null, agreement: null, msAtOnce: null },
      ...{ peakMemoryBytes: null, error: 'not installed: pip install numpy', note: null },
    },
  ],
}
