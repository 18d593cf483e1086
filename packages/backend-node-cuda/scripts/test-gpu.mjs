// On a machine with an NVIDIA GPU and @tensorflow/tfjs-node-gpu: conformance, throughput and GPU memory, as one page of Markdown.
// `--device auto --batches 1,4` tries the script itself out on a CPU.
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodeCuda } from '@mobilenetv2/backend-node-cuda'
import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'

const { values: given } = parseArgs({
  options: {
    device: { type: 'string', default: 'cuda' },
    batches: { type: 'string', default: '1,2,4,8,16,32,64,128,256' },
    seconds: { type: 'string', default: '5' },
  },
})
const batches = given.batches.split(',').map(Number)
const milliseconds = 1000 * Number(given.seconds)

/** MiB in use on each GPU, as the driver counts; empty where there is none. */
function gpuMemory() {
  try {
    const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits']
    return execFileSync('nvidia-smi', query, { encoding: 'utf8' }).trim().split('\n').join(' + ')
  } catch {
    return ''
  }
}

/** Random parameters: time does not depend on them. */
function randomParameters(architecture) {
  const values = (length, bound) => Float32Array.from({ length }, () => bound * (2 * Math.random() - 1))
  const layers = architecture.layers.filter(isWeighted)
  return new Map(
    layers.map((layer) => {
      const length = kernelLength(layer)
      return [layer.id, { kernel: values(length, Math.sqrt((6 * layer.biasLength) / length)), bias: values(layer.biasLength, 0.1) }]
    }),
  )
}

/** Milliseconds of each run, upload and read included, after three that warm up. */
async function timeRuns(model, input, batch) {
  for (let round = 0; round < 3; round++) await model.run(input, { batch })
  const times = []
  const end = performance.now() + milliseconds
  while (performance.now() < end || times.length < 5) {
    const start = performance.now()
    await model.run(input, { batch })
    times.push(performance.now() - start)
  }
  return times.toSorted((one, other) => one - other)
}

const backend = nodeCuda({ device: given.device })
const availability = await backend.availability()
if (!availability.available) {
  console.error(`${availability.reason}\n${availability.remedy}`)
  process.exit(1)
}
const before = gpuMemory()
const architecture = defineMobileNetV2()
const model = await backend.compile(architecture, randomParameters(architecture))
const rows = []
for (const batch of batches) {
  const input = Float32Array.from({ length: batch * 224 * 224 * 3 }, () => 2 * Math.random() - 1)
  const times = await timeRuns(model, input, batch)
  const median = times[Math.floor(times.length / 2)]
  const [best, rate] = [times[0].toFixed(2), ((1000 * batch) / median).toFixed(1)]
  rows.push(`| ${batch} | ${median.toFixed(2)} | ${best} | ${rate} | ${times.length} | ${gpuMemory() || 'no GPU'} |`)
  console.error(rows.at(-1))
}
model.dispose()

const env = { ...process.env, MOBILENETV2_NATIVE: 'required' }
const cwd = fileURLToPath(new URL('..', import.meta.url))
const suite = spawnSync('npx', ['vitest', 'run', '--reporter=json', 'native'], { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })
const json = suite.stdout.slice(suite.stdout.indexOf('{'))
const { numPassedTests = 0, numFailedTests = 0 } = json === '' ? {} : JSON.parse(json)

console.log(
  [
    `Device: ${model.device}. Node ${process.versions.node}, ${process.platform} ${process.arch}.`,
    `Conformance: ${numPassedTests} tests passed, ${numFailedTests} failed.`,
    `GPU memory before: ${before || 'no GPU'} MiB (TensorFlow takes most of a GPU's memory at its start unless TF_FORCE_GPU_ALLOW_GROWTH=true).`,
    '',
    'MobileNetV2 1.0 at 224 x 224, float32, upload and read included:',
    '',
    '| batch | median, ms | best, ms | pictures a second | runs | GPU memory, MiB |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n'),
)
process.exit(numFailedTests > 0 || numPassedTests === 0 ? 1 : 0)
