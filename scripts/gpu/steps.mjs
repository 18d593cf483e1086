// The steps. Each runs in its own process, so that a step that crashes or hangs loses no figures of the others.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describeAdapter, provideGpu } from './device.mjs'

async function adapterStep(_settings, report) {
  report('adapter', await describeAdapter())
}

/** Each step: the function that it runs, the most seconds that it may take, and whether it needs `navigator.gpu`. */
const steps = {
  adapter: { seconds: 15, needsGpu: true, run: async () => adapterStep },
  conformance: { seconds: 150, needsGpu: true, run: async () => (await import('./conformance.mjs')).conformance },
  comparisons: { seconds: 90, needsGpu: true, run: async () => (await import('./comparisons.mjs')).comparisons },
  peaks: { seconds: 40, needsGpu: true, run: async () => (await import('./peaks.mjs')).peaks },
  dispatches: { seconds: 60, needsGpu: true, run: async () => (await import('./dispatches.mjs')).dispatches },
  times: { seconds: 60, needsGpu: true, run: async () => (await import('./times.mjs')).times },
  'node-cuda': { seconds: 150, needsGpu: false, run: async () => (await import('./cuda.mjs')).nodeCudaStep },
  'onnxruntime-cuda': { seconds: 150, needsGpu: false, run: async () => (await import('./cuda.mjs')).onnxruntimeCudaStep },
}

/** The names of the steps after `adapter`, in their order. */
export const stepNames = Object.keys(steps).filter((name) => name !== 'adapter')

/** Runs a step in this process, which `startStep` made, and sends what it reports. */
export async function runStep(name, settings) {
  const send = (message) => new Promise((sent) => process.send(message, sent))
  try {
    const { needsGpu, run } = steps[name]
    if (needsGpu) await provideGpu(settings)
    const step = await run()
    await step(settings, (key, value) => process.send({ key, value }))
    await send({ isDone: true })
  } catch (error) {
    await send({ error: String(error?.stack ?? error) })
  }
  // A process that has loaded Dawn does not end by itself.
  process.exit(0)
}

/**
 * Runs a step in a child process.
 * @param secondsLeft the seconds that are left for all steps; the step gets at most these, and at most its own limit
 * @returns `outcome` (`done`, `missing`, `failed`, `timed out`, `crashed`), seconds, and what the step reported before its end. A step may
 *   report lines in `missing` about what the machine lacks, and `isMissing` if the machine lacks all that the step needs.
 */
export function startStep(name, settings, { env = {}, secondsLeft }) {
  const limit = Math.min(steps[name].seconds, secondsLeft)
  if (limit < 1) return Promise.resolve({ outcome: 'timed out', seconds: 0, failures: ['no time was left for it'] })
  const start = performance.now()
  const child = fork(fileURLToPath(new URL('../test-gpu.mjs', import.meta.url)), ['--step', name], {
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '1',
      NVIDIA_TF32_OVERRIDE: '0',
      ...env,
      MOBILENETV2_GPU_STEP: JSON.stringify(settings),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve) => {
    const reported = {}
    let isDone = false
    let error
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, 1000 * limit)
    child.on('message', (message) => {
      if (message.isDone) isDone = true
      else if (message.error !== undefined) error = message.error
      else reported[message.key] = message.value
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const failures = [...(reported.failures ?? [])]
      let outcome = 'done'
      if (error !== undefined) failures.push(error)
      else if (!isDone) failures.push(isLate ? `stopped after ${limit.toFixed(0)} seconds` : `ended with ${signal ?? code}`)
      if (!isDone && error === undefined) outcome = isLate ? 'timed out' : 'crashed'
      else if (failures.length > 0) outcome = 'failed'
      else if (reported.isMissing) outcome = 'missing'
      resolve({ outcome, seconds: (performance.now() - start) / 1000, ...reported, failures })
    })
  })
}
