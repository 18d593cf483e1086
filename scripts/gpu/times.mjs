import { precisionsHere } from './device.mjs'
import { load } from './load.mjs'
import { median, timeRounds } from './statistics.mjs'
import { timedNetwork } from './timed-network.mjs'

const [{ defineMobileNetV2 }, { seededInput, seededParameters }] = await Promise.all([
  load('spec/dist/index.js'),
  load('testing/dist/src/index.js'),
])

/**
 * Times whole runs of a model, with upload and reading back, as a user has them.
 * @returns for each batch the milliseconds of a run
 */
export async function timeModel(model, batches, effort) {
  const rows = []
  for (const batch of batches) {
    const input = seededInput(model.architecture, batch)
    rows.push({ batch, milliseconds: await timeRounds(() => model.run(input, { batch }), effort) })
  }
  return rows
}

/** The times of layers from `profile()`: the medians of several calls. */
async function profileOf(model, calls) {
  const profiles = []
  for (let call = 0; call < calls; call++) profiles.push(await model.profile())
  return profiles[0].map(({ layers }, index) => ({
    layers,
    milliseconds: median(profiles.map((profile) => profile[index].milliseconds)),
  }))
}

export async function times(settings, report) {
  const { software, quick } = settings
  const { webgpu } = await load('backend-webgpu/dist/index.js')
  const [widthMultiplier, size] = timedNetwork(settings)
  const architecture = defineMobileNetV2({ widthMultiplier, height: size, width: size })
  const parameters = seededParameters(architecture)
  report('network', `MobileNetV2 ${widthMultiplier} at ${size} x ${size}`)
  const effort = software ? { warmUp: 1, seconds: 0, least: 1 } : { warmUp: 5, seconds: quick ? 0.5 : 4, least: 20 }
  const { precisions, missing } = await precisionsHere()
  report('missing', missing)
  const measured = []
  for (const precision of precisions) {
    const start = performance.now()
    const model = await webgpu({ precision }).compile(architecture, parameters)
    const compileMilliseconds = performance.now() - start
    const runs = await timeModel(model, quick ? [1] : [1, 8], effort)
    const layers = model.gpu.features.has('timestamp-query') ? await profileOf(model, software ? 1 : 9) : null
    if (layers === null) missing.push(`${precision}: no times of layers, as the device has no timestamp queries`)
    measured.push({ precision, compileMilliseconds, runs, profile: layers })
    report('measured', measured)
    model.dispose()
  }
}
