/** `npm run test:index` has LanceDB. */
const hasLanceDb = process.env.MOBILENETV2_LANCEDB !== undefined

const takesLanceDb = 'LanceDB has 200 MB and is no dependency; `npm run test:index` runs this'

/** Commands of pages that no test here runs, with the reasons. The scripts that they name must exist all the same. */
export const commandsLeftOut: readonly (readonly [RegExp, string])[] = [
  [
    /^(npm (ci|install)|npx vite) ?/,
    'needs a package registry; `npm run test:newcomer` runs those of README and of getting started',
  ],
  [/^mobilenetv2 (work|submit) /, 'needs Redis and BullMQ; `npm run test:queue` tests the same commands'],
  [/^npm (run|test) /, 'measures, serves or tests for minutes'],
  [/^node scripts\//, 'reads what a measurement of minutes gives'],
  [/^(export |python3 |NODE_PATH=)/, 'sets up another machine'],
  ...(hasLanceDb ? [] : [[/^mobilenetv2 (index|duplicates|similar .*--index|sort .*--index) /, takesLanceDb] as const]),
]

/** Code of pages that is compiled with its types and not run. */
export const codeNotRun: readonly (readonly [RegExp, string])[] = [
  [/onnxruntime/, 'onnxruntime-node has 288 MB and is no dependency; `npm run test:onnxruntime` runs the backend'],
  [/nodeCuda/, 'needs an NVIDIA GPU'],
  ...(hasLanceDb ? [] : [[/@mobilenetv2\/index/, takesLanceDb] as const]),
  [/\bvideo\b/, 'needs a camera and is one line; docs/camera.md has a page that is run'],
  [/browser(\.js)?'|workerUrl|jpeg-js/, 'needs a page, a worker or workerd; the tests of one file and of workerd run this code'],
  [/tfjsDevice/, "needs TensorFlow.js's backend for WebGPU"],
]
