// The program that `test-arm.mjs` runs on an Arm processor. It compares float32 with the reference executor, and integers bit for bit with
// the integer executor.
import { createModule, i32, load, op, store } from '../packages/assembler/dist/index.js'
import { dotBytes } from '../packages/backend-wasm/dist/codegen/dot-bytes.js'
import { simdLevel } from '../packages/backend-wasm/dist/codegen/simd-level.js'
import { compileIntegers } from '../packages/backend-wasm/dist/compile-integers.js'
import { resultOf } from '../packages/backend-wasm/dist/numbers/integers/layers.js'
import { chooseThreads } from '../packages/backend-wasm/dist/threads/choose-threads.js'
import { tunings, usualTuning } from '../packages/backend-wasm/dist/tuning/tuning.js'
import { compileFor } from '../packages/backend-wasm/dist/wasm.js'
import { defineMobileNetV1, defineMobileNetV2 } from '../packages/spec/dist/index.js'
import {
  expectAllClose,
  runIntegerReference,
  runReference,
  seededInput,
  seededIntegers,
  seededParameters,
} from '../packages/testing/dist/src/index.js'

const square = (size) => ({ height: size, width: size })
/** The smallest published network, on small pictures. */
const whole = defineMobileNetV2({ widthMultiplier: 0.35, ...square(96), classes: 10 })
/** Few channels and odd sizes. */
const small = defineMobileNetV2({
  table: [
    [1, 5, 1, 1],
    [6, 9, 2, 2],
    [3, 16, 2, 1],
    [6, 17, 2, 2],
  ],
  height: 61,
  width: 45,
  classes: 7,
  padding: 'same',
  channelDivisor: 1,
  stemChannels: 11,
  headChannels: 40,
})
const between = defineMobileNetV2({
  table: [
    [1, 8, 1, 2],
    [6, 8, 3, 1],
  ],
  ...square(33),
  classes: 33,
  bottleneckActivation: 'relu6',
  residual: 'expansion',
  headChannels: 24,
})
const first = defineMobileNetV1({ widthMultiplier: 0.1, ...square(49), classes: 5 })
const networks = [whole, small, between, first]

const level = simdLevel()
if (process.arch !== 'arm64' || level === 'none') {
  throw new Error(`These are checks for Arm with SIMD, not for ${process.arch} with ${level}.`)
}
const levels = level === 'relaxed-simd' ? [level, 'simd'] : [level]

/** The settings: the calling thread for all networks; for `whole` also two workers that share memory, for `small` the largest tiles. */
function waysOf(level, architecture) {
  const usual = { tuning: usualTuning(level), note: '' }
  return [
    [chooseThreads(0), usual],
    ...(architecture === whole ? [[chooseThreads(2), usual]] : []),
    ...(architecture === small ? [[chooseThreads(0), { tuning: tunings[0], note: '' }]] : []),
  ]
}

/** Runs a model, and disposes of it. */
async function logitsOf(model, input) {
  const { logits } = await model.run(input)
  model.dispose()
  if (logits.every((value) => value === logits[0])) throw new Error('All logits are alike, so that comparing them says nothing.')
  return logits
}

/** The tolerance of the conformance suite of all backends. */
const tolerance = { relative: 1e-4 }

/** The devices of the models that were compared with the reference, one for each comparison. */
async function checkFloats(level) {
  const devices = []
  for (const architecture of networks) {
    const [parameters, input] = [seededParameters(architecture), seededInput(architecture)]
    const { logits } = runReference(architecture, parameters, input)
    for (const [threads, chosen] of waysOf(level, architecture)) {
      const model = await compileFor(level, architecture, parameters, threads, chosen)
      expectAllClose(await logitsOf(model, input), logits, tolerance)
      devices.push(model.device)
    }
  }
  return devices
}

/**
 * As `checkFloats`, in integers and bit for bit. Kernels have values up to 127, as in int8, or up to 255, as in uint8 less a zero point.
 * Beside the latter, activations are held in 16 bits whatever `domain` says.
 */
async function checkIntegers(level, domain) {
  const devices = []
  const check = async (architecture, seed, reach, ways) => {
    const [integers, input] = [seededIntegers(architecture, seed, reach), seededInput(architecture)]
    const { id } = architecture.layers.at(-1)
    const { scale } = resultOf(integers.layers.get(id))
    const logits = Float32Array.from(runIntegerReference(architecture, integers, input).get(id), (value) => value * scale)
    for (const [threads, chosen] of ways) {
      const model = await compileIntegers(level, architecture, integers, threads, chosen, domain)
      expectAllClose(await logitsOf(model, input), logits, {})
      devices.push(model.device)
    }
  }
  for (const [seed, architecture] of networks.entries()) await check(architecture, seed, 127, waysOf(level, architecture))
  await check(small, 5, 255, waysOf(level, small))
  return devices
}

async function report(title, check) {
  try {
    const devices = await check
    console.log(`  ${title}: ${devices.length} models as the reference (${[...new Set(devices)].join('; ')})`)
  } catch (error) {
    console.error(`  ${title}: ${error instanceof Error ? error.stack : error}`)
    process.exitCode = 1
  }
}

/**
 * The bytes that the relaxed dot product multiplies with signed weights on this engine and processor, found by trying: unsigned or signed.
 * The optimising compiler may take more than the plain one.
 */
function dotForms() {
  const [weightsAt, bytesAt, sumsAt] = [0, 16, 32]
  const operands = [weightsAt, bytesAt, sumsAt].map((at) => load('v128.load', i32(at)))
  const module = createModule({ pages: 1 })
  const dot = module.define(0, () => [store('v128.store', i32(sumsAt), op('i32x4.relaxed_dot_i8x16_i7x16_add_s', ...operands))])
  module.export('dot', dot)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } })
  const isExact = (Bytes, bytes, least) => {
    const weights = [127, 127, 127, 127, least, least, least, least, 127, 127, least, least, 1, 0, 0, -1]
    return bytes.every((byte) => {
      new Int8Array(memory.buffer, weightsAt).set(weights)
      new Bytes(memory.buffer, bytesAt, 16).fill(byte)
      const sums = new Int32Array(memory.buffer, sumsAt, 4).fill(0)
      exports.dot()
      return sums.every(
        (sum, lane) => sum === weights.slice(4 * lane, 4 * lane + 4).reduce((total, weight) => total + byte * weight, 0),
      )
    })
  }
  const say = (Bytes, bytes) => {
    const least = [-128, -127].find((weight) => isExact(Bytes, bytes, weight))
    return least === undefined ? 'not exact' : `exact for weights from ${least} on`
  }
  return `unsigned bytes ${say(Uint8Array, [0, 1, 127, 128, 255])}, signed bytes ${say(Int8Array, [-128, -127, -1, 0, 127])}`
}

// With some flags of V8, Node ends although it still compiles WebAssembly.
const held = setInterval(() => undefined, 1000)
const precisions = process.argv.slice(2)
const domain = await dotBytes()
console.log(`  Node ${process.version}, V8 ${process.versions.v8}, ${process.arch}, ${level}`)
if (precisions.includes('float32')) {
  for (const each of levels) await report(`float32, ${each}`, checkFloats(each))
}
if (precisions.includes('int8')) {
  if (level === 'relaxed-simd')
    console.log(`  relaxed dot: ${dotForms()}; activations are held in ${domain === null ? '16 bits' : `${domain} 8 bits`}`)
  for (const each of levels) await report(`int8, activations in 16 bits, ${each}`, checkIntegers(each, null))
  if (domain !== null) await report(`int8, activations in ${domain} 8 bits, ${level}`, checkIntegers(level, domain))
}
clearInterval(held)
