// Measures the limits of the device: the memory bandwidth by a kernel that copies, the multiply-adds a second by a kernel that does nothing
// else, and the start of a dispatch by a kernel that does nothing.
import { createClock } from './clock.mjs'
import { openDevice } from './device.mjs'

const usage = { uniform: 0x40, storage: 0x80 }
const invocations = 256

const copyCode = `
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@compute @workgroup_size(${invocations})
fn main(@builtin(global_invocation_id) id: vec3u) {
  result[id.x] = source[id.x];
}
`

/** Independent sums of 4 lanes each. */
const chains = 8
const iterations = 512
const chain = (line) => Array.from({ length: chains }, (_, index) => line.replaceAll('#', String(index))).join('\n  ')
const multiplyAddCode = (step) => `
@group(0) @binding(0) var<uniform> factors: vec4f;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@compute @workgroup_size(${invocations})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let start = f32(id.x);
  ${chain('var sum# = vec4f(start + #.0);')}
  for (var i = 0u; i < ${iterations}u; i++) {
    ${chain(`  sum# = ${step};`)}
  }
  result[id.x] = ${Array.from({ length: chains }, (_, index) => `sum${index}`).join(' + ')};
}
`
/** Two forms of a multiply-add. Compilers fuse the second; if a device has no fused multiply-add, the first is slow. */
const multiplyAddSteps = ['fma(sum#, factors.xxyy, factors.zwzw)', 'sum# * factors.xxyy + factors.zwzw']
const multiplyAddsOfInvocation = 4 * chains * iterations

const startCode = `
@group(0) @binding(0) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(1)
fn main() {
  result[0] += 1u;
}
`

/** The seconds of one dispatch: the least of some rounds. A round has so many dispatches that the steps of the clock do not matter. */
async function secondsOfDispatch(clock, record, { seconds, most }) {
  const repeated = (count) => (pass) => {
    for (let index = 0; index < count; index++) record(pass)
  }
  let count = 1
  let [taken] = await clock.time([repeated(count)])
  while (taken < seconds && count < most) {
    count *= 2
    ;[taken] = await clock.time([repeated(count)])
  }
  const rounds = []
  for (let round = 0; round < 5; round++) rounds.push(...(await clock.time([repeated(count)])))
  return Math.min(...rounds) / count
}

export async function peaks({ software, quick }, report) {
  const device = await openDevice()
  const clock = createClock(device)
  report('clock', clock.kind)
  const effort = software ? { seconds: 0.005, most: quick ? 2 : 64 } : { seconds: 0.02, most: 4096 }

  const prepare = (code, entries, groups) => {
    const module = device.createShaderModule({ code })
    const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } })
    const bindings = entries.map((buffer, binding) => ({ binding, resource: { buffer } }))
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: bindings })
    return (pass) => {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(groups)
    }
  }

  const counter = device.createBuffer({ size: 4, usage: usage.storage })
  const start = await secondsOfDispatch(clock, prepare(startCode, [counter], 1), effort)
  report('dispatchSeconds', start)

  // The sizes of copies, from sizes that fit the caches to sizes that do not.
  const mebibytes = software ? [1, 4, ...(quick ? [] : [16])] : [1, 2, 4, 8, 16, 32, 64, 128]
  const copies = []
  for (const size of mebibytes.map((count) => count * 2 ** 20)) {
    const buffers = [0, 1].map(() => device.createBuffer({ size, usage: usage.storage }))
    const record = prepare(copyCode, buffers, size / 16 / invocations)
    const seconds = await secondsOfDispatch(clock, record, effort)
    copies.push({ bytesMoved: 2 * size, bytesPerSecond: (2 * size) / seconds })
    report('copies', copies)
    for (const buffer of buffers) buffer.destroy()
  }
  report('memoryBytesPerSecond', copies.at(-1).bytesPerSecond)
  report('bestBytesPerSecond', Math.max(...copies.map(({ bytesPerSecond }) => bytesPerSecond)))

  const groups = software ? 8 : 4096
  const factors = device.createBuffer({ size: 16, usage: usage.uniform, mappedAtCreation: true })
  new Float32Array(factors.getMappedRange()).set([0.999, 1.001, 0.001, -0.001])
  factors.unmap()
  const sums = device.createBuffer({ size: 16 * invocations * groups, usage: usage.storage })
  const rates = []
  for (const step of multiplyAddSteps) {
    const seconds = await secondsOfDispatch(clock, prepare(multiplyAddCode(step), [factors, sums], groups), effort)
    rates.push((groups * invocations * multiplyAddsOfInvocation) / seconds)
    report('multiplyAddRates', rates)
  }
  report('multiplyAddsPerSecond', Math.max(...rates))
  device.destroy()
}
