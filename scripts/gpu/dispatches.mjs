// Times each dispatch of a network alone, and all of them as in a run, by the device's own clock.
import { createClock } from './clock.mjs'
import { openDevice, precisionsHere } from './device.mjs'
import { load } from './load.mjs'
import { median } from './statistics.mjs'
import { timedNetwork } from './timed-network.mjs'

const [{ defineMobileNetV2 }, { splitArchitecture }, { seededParameters }] = await Promise.all([
  load('spec/dist/index.js'),
  load('runtime/dist/index.js'),
  load('testing/dist/src/index.js'),
])
const [{ planModel }, { trafficOf }, { compilePipelines }, { uploadWeights }, { uploadSizes }, { createRoom }] = await Promise.all(
  ['planner/plan', 'planner/traffic', 'runtime/pipelines', 'runtime/weights', 'runtime/sizes', 'runtime/room'].map((path) =>
    load(`backend-webgpu/dist/${path}.js`),
  ),
)

/** The plan of a precision on the device, with the buffers and pipelines of its dispatches. */
async function prepare(device, architecture, parameters, precision) {
  const adapter = device.adapterInfo.isFallbackAdapter ? 'software' : 'hardware'
  const plan = planModel(splitArchitecture(architecture).body, precision === 'float16' ? 'f16' : 'f32', { adapter })
  const { pipelines } = await compilePipelines(device, plan.steps)
  const weights = uploadWeights(device, plan, parameters)
  return { device, plan, pipelines, weights, sizes: uploadSizes(device, plan.steps) }
}

/** Work that keeps the device from lowering its clock rate. */
async function warmUp(clock, records, seconds) {
  const end = performance.now() + 1000 * seconds
  do await clock.time(records)
  while (performance.now() < end)
}

async function measure(clock, fixed, batch, { repeats, rounds, warmUpSeconds }) {
  const { plan, pipelines } = fixed
  const room = createRoom(fixed, batch)
  const dispatch = (pass, index) => {
    const [x, y] = plan.steps[index].kernel.groups
    pass.setPipeline(pipelines[index])
    pass.setBindGroup(0, room.groups[index])
    pass.dispatchWorkgroups(x, y, batch)
  }
  // Each dispatch writes to the buffer that the previous one wrote to. So it waits for the previous one, as in a run it waits for its
  // inputs.
  const alone = plan.steps.map((_, index) => (pass) => {
    for (let repeat = 0; repeat < repeats; repeat++) dispatch(pass, index)
  })
  const whole = (pass) => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const index of plan.steps.keys()) dispatch(pass, index)
  }
  await warmUp(clock, [whole], warmUpSeconds)
  const runs = []
  const steps = plan.steps.map(() => [])
  for (let round = 0; round < rounds; round++) {
    const [run, ...times] = await clock.time([whole, ...alone])
    runs.push(run / repeats)
    times.forEach((seconds, index) => {
      steps[index].push(seconds / repeats)
    })
  }
  room.dispose()
  return { run: median(runs), steps: steps.map(median) }
}

export async function dispatches(settings, report) {
  const { software, quick } = settings
  const device = await openDevice()
  const clock = createClock(device)
  report('clock', clock.kind)
  const [widthMultiplier, size] = timedNetwork(settings)
  const architecture = defineMobileNetV2({ widthMultiplier, height: size, width: size })
  const parameters = seededParameters(architecture)
  report('network', `MobileNetV2 ${widthMultiplier} at ${size} x ${size}`)
  const effort = software ? { repeats: 1, rounds: 1, warmUpSeconds: 0 } : { repeats: 50, rounds: 9, warmUpSeconds: quick ? 0.1 : 1 }
  const { precisions, missing } = await precisionsHere()
  report('missing', missing)
  const measured = []
  for (const precision of precisions) {
    const fixed = await prepare(device, architecture, parameters, precision)
    const traffic = trafficOf(architecture, fixed.plan)
    for (const batch of quick ? [1] : [1, 8]) {
      const { run, steps } = await measure(clock, fixed, batch, effort)
      const rows = traffic.map(({ layers, kind, read, written, weights, multiplyAdds }, index) => ({
        layers,
        kernel: kind,
        seconds: steps[index],
        bytes: batch * (read + written) + weights,
        multiplyAdds: batch * multiplyAdds,
      }))
      measured.push({ precision, batch, runSeconds: run, dispatches: rows })
      report('measured', measured)
    }
    fixed.weights.destroy()
    fixed.sizes.destroy()
  }
  device.destroy()
}
