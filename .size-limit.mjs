import { join } from 'node:path'

/* esbuild writes a path from its output to each file that is left out. From the system's folder for temporary files
   that path is as long as the path of the checkout, so two machines would count different bytes. */
process.env.TMPDIR = process.env.TEMP = join(import.meta.dirname, 'node_modules/.cache')

/* Without a tsconfig, which the published packages do not have. For its `strict`, esbuild would write "use strict" in each module. */
const modifyEsbuildConfig = (config) => ({ ...config, tsconfigRaw: {} })

const budgets = [
  {
    name: '@mobilenetv2/backend-wasm, without what is imported when it is needed: unusual heads, kernels compiled ahead, integers',
    path: 'packages/backend-wasm/dist/index.js',
    import: '{ wasm }',
    gzip: true,
    limit: '22.4 kB',
    ignore: [
      './packages/runtime/dist/whole-model.js',
      './packages/backend-wasm/dist/ahead/compile-ahead.js',
      './packages/backend-wasm/dist/compile-integers.js',
      './packages/backend-wasm/dist/compile-faster.js',
    ],
  },
  {
    name: 'the same with what computes in integers, which is imported for precision int8 or auto',
    path: 'packages/backend-wasm/dist/index.js',
    import: '{ wasm }',
    gzip: true,
    limit: '29.1 kB',
    ignore: ['./packages/runtime/dist/whole-model.js', './packages/backend-wasm/dist/ahead/compile-ahead.js'],
  },
  {
    name: "mobilenetv2 with WASM, without what is imported when needed: readers of other formats, labels, explain, webcam, auto's timing",
    path: 'packages/mobilenetv2/dist/index.js',
    import: '{ load }',
    gzip: true,
    limit: '45.5 kB',
    ignore: [
      '@mobilenetv2/backend-webgpu',
      '@mobilenetv2/tfjs',
      '@mobilenetv2/zoo',
      '@mobilenetv2/zoo/labels',
      '@mobilenetv2/weights/source-failure',
      './packages/runtime/dist/whole-model.js',
      './packages/backend-wasm/dist/ahead/compile-ahead.js',
      './packages/backend-wasm/dist/compile-integers.js',
      './packages/backend-wasm/dist/compile-faster.js',
      './packages/weights/dist/to-integers.js',
      './packages/image/dist/resample-align-corners.js',
      './packages/image/dist/undecodable.js',
      './packages/image/dist/undrawable.js',
      './packages/image/dist/avif.js',
      './packages/image/dist/gif.js',
      './packages/image/dist/png-checksums.js',
      './packages/image/dist/read-sharp.js',
      './packages/image/dist/turned.js',
      './packages/image/dist/webp.js',
      './packages/weights/dist/formats/channel-scales.js',
      './packages/weights/dist/of-others.js',
      './packages/weights/dist/define-v1.js',
      './packages/weights/dist/source-failure.js',
      './packages/weights/dist/read-plain-blob.js',
      './packages/weights/dist/facts/caller-facts.js',
      './packages/mobilenetv2/dist/local-source.js',
      './packages/mobilenetv2/dist/siblings.js',
      './packages/mobilenetv2/dist/zoo-source.js',
      './packages/mobilenetv2/dist/not-installed.js',
      './packages/mobilenetv2/dist/refusals.js',
      './packages/mobilenetv2/dist/memory-limit.js',
      './packages/mobilenetv2/dist/float-pixels.js',
      './packages/mobilenetv2/dist/choose-fastest.js',
      './packages/mobilenetv2/dist/decode-ahead.js',
      './packages/mobilenetv2/dist/activations.js',
      './packages/mobilenetv2/dist/explain.js',
      './packages/mobilenetv2/dist/evaluate/evaluate.js',
      './packages/mobilenetv2/dist/teach/teach.js',
      './packages/mobilenetv2/dist/webcam.js',
    ],
  },
  {
    name: 'mobilenetv2/browser, which is all that a page can use in one file: every reader, labels, WebGPU',
    path: 'packages/mobilenetv2/dist/browser.js',
    gzip: true,
    limit: '256 kB',
  },
  {
    name: '@mobilenetv2/teach with all that it imports',
    path: 'packages/teach/dist/index.js',
    import: '{ trainHead }',
    gzip: true,
    limit: '9.3 kB',
  },
]

export default budgets.map((budget) => ({ ...budget, modifyEsbuildConfig }))
