// The backends that need CUDA's libraries: conformance, comparisons, times.
import { compareBackend, textOf } from './comparisons.mjs'
import { runConformance } from './conformance.mjs'
import { load } from './load.mjs'
import { outputOf } from './output-of.mjs'
import { timeModel } from './times.mjs'

/** MiB in use on each graphics card, as the driver counts them. */
function memoryInUse() {
  const lines = outputOf('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits']).split('\n')
  return lines.filter((line) => line !== '').map(Number)
}

async function checkBackend(settings, backend, report) {
  const { software, quick } = settings
  const availability = await backend.availability()
  if (!availability.available) {
    report('isMissing', true)
    report('missing', [`${availability.reason} ${availability.remedy}`])
    return
  }
  report('device', availability.device)
  // On newer cards TensorFlow and ONNX Runtime round the factors of products (TF32), which is less exact than float32.
  if (!software) report('tf32', process.env.NVIDIA_TF32_OVERRIDE === '0' ? 'off' : 'as the library chooses')

  const [{ defineMobileNetV2 }, { seededParameters }] = await Promise.all([
    load('spec/dist/index.js'),
    load('testing/dist/src/index.js'),
  ])
  const architecture = defineMobileNetV2()
  const model = await backend.compile(architecture, seededParameters(architecture))
  const effort = software ? { warmUp: 1, seconds: 0.5, least: 3 } : { warmUp: 3, seconds: 1.5, least: 10 }
  report('runs', await timeModel(model, software ? [1, 8] : [1, 8, 64, 256], effort))
  report('memoryInUseMiB', memoryInUse())
  model.dispose()

  const compared = []
  const add = (comparison) => {
    compared.push(comparison)
    report('compared', compared)
  }
  const few = { software: true, quick }
  await compareBackend(few, ['float32'], () => backend, add)
  const failures = compared.filter(({ passed }) => !passed).map(textOf)
  report('failures', failures)
  // test:native and test:onnxruntime run the whole suite on the CPU.
  const pattern = quick || software ? /a batch of 3, same|is available/ : undefined
  await runConformance(backend, (key, value) => report(key, key === 'failures' ? [...failures, ...value] : value), pattern)
}

/** TensorFlow through tfjs-node-gpu. A dry run uses its CPU, if the package is installed. */
export async function nodeCudaStep(settings, report) {
  const { nodeCuda } = await load('backend-node-cuda/dist/index.js')
  await checkBackend(settings, nodeCuda({ device: settings.software ? 'auto' : 'cuda' }), report)
}

/** ONNX Runtime's CUDA provider. A dry run uses its CPU provider, if the package is installed. */
export async function onnxruntimeCudaStep(settings, report) {
  const { onnxruntime } = await load('backend-onnxruntime/dist/index.js')
  await checkBackend(settings, onnxruntime({ providers: [settings.software ? 'cpu' : 'cuda'] }), report)
}
