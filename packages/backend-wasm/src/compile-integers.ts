import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, type CompiledModel, checkIntegers, type IntegerParameters, MobileNetV2Error } from '@mobilenetv2/spec'
import { type ByteDomain, dotBytes } from './codegen/dot-bytes.js'
import type { Level } from './codegen/simd-level.js'
import { compileBody } from './compile-body.js'
import { inIntegers } from './numbers/integers/in-integers.js'
import type { Threads } from './threads/choose-threads.js'
import { type ChosenTuning, joinedNote, withoutGain } from './tuning/choose-tuning.js'
import { usualTuning } from './tuning/tuning.js'

function refuseNoIntegers(): never {
  throw new MobileNetV2Error('PARAMETERS', 'The network has no integers to compute with.', {
    where: "the precision 'int8'",
    expected: 'a network that was read from a quantised file',
    remedy: "Read the network's `reasons`, which say what its file lacks; or use the precision 'float32'.",
  })
}

/**
 * Compiles a network in integers for a given SIMD level.
 * @param domain the range of the bytes of activations; null for 16 bits; unless given, the engine decides
 * @throws MobileNetV2Error `PARAMETERS` if there are no integers, or if they do not fit; `BACKEND` if no kernel can run a layer
 */
export async function compileIntegers(
  level: Level,
  architecture: Architecture,
  integers: IntegerParameters | null,
  threads: Threads,
  chosen: ChosenTuning = { tuning: usualTuning(level), note: '' },
  domain?: ByteDomain | null,
): Promise<CompiledModel> {
  if (integers === null) return refuseNoIntegers()
  const {
    body,
    tail: [behind],
  } = splitArchitecture(architecture)
  if (behind !== undefined) {
    throw new MobileNetV2Error('BACKEND', 'The wasm backend cannot run a layer in integers.', {
      where: `layer ${behind.id}`,
      remedy: "Use the precision 'float32', or 'auto'.",
    })
  }
  checkIntegers(body, integers)
  const bytes = domain === undefined && level === 'relaxed-simd' ? await dotBytes() : (domain ?? null)
  const precision = await inIntegers(integers, body, bytes)
  // V8 joins products of 16 bits to 256 bits, but not products of 8 bits.
  const isInVain = precision.numbers.valueBytes === 1 && chosen.note === joinedNote
  return compileBody(body, precision, { level, threads, chosen: isInVain ? withoutGain(usualTuning(level)) : chosen })
}
