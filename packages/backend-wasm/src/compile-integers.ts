import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, type CompiledModel, type IntegerParameters, inputLength, MobileNetV2Error } from '@mobilenetv2/spec'
import { type ByteDomain, dotBytes } from './codegen/dot-bytes.js'
import type { Level } from './codegen/simd-level.js'
import { compileBody } from './compile-body.js'
import { inIntegers } from './numbers/integers/in-integers.js'
import type { Threads } from './threads/choose-threads.js'
import type { ChosenTuning } from './tuning/choose-tuning.js'
import { usualTuning } from './tuning/tuning.js'

function refuseNoIntegers(): never {
  throw new MobileNetV2Error('PARAMETERS', 'The network has no integers to compute with.', {
    where: "the precision 'int8'",
    expected: 'a network that was read from a quantised file',
    remedy: "Read the network's `reasons`, which say what a quantised file lacks; or use the precision 'float32'.",
  })
}

/**
 * As `compileFor`, in integers.
 * @param domain as `dotBytes`
 */
export async function compileIntegers(
  level: Level,
  architecture: Architecture,
  integers: IntegerParameters | null,
  threads: Threads,
  chosen: ChosenTuning = { tuning: usualTuning(level), note: '' },
  domain: ByteDomain | null = level === 'relaxed-simd' ? dotBytes() : null,
): Promise<CompiledModel> {
  if (integers === null) return refuseNoIntegers()
  const { body, tail } = splitArchitecture(architecture)
  const missing = tail[0] ?? body.layers.find(({ id }) => !integers.layers.has(id))
  if (missing !== undefined) {
    throw new MobileNetV2Error('BACKEND', 'The wasm backend cannot run a layer in integers.', {
      where: `layer ${missing.id}`,
      remedy: "Use the precision 'float32', or 'auto'.",
    })
  }
  return compileBody(body, await inIntegers(integers, body, domain), {
    level,
    threads,
    chosen,
  })
}

/** The integers, or the floats if a layer cannot be run in integers; else the faster of the two, each timed here. */
export async function compileFaster(
  inIntegers: () => Promise<CompiledModel>,
  inFloats: () => Promise<CompiledModel>,
): Promise<CompiledModel> {
  const integers = await inIntegers().catch((error: unknown) => {
    if (error instanceof MobileNetV2Error && error.code === 'BACKEND') return null
    throw error
  })
  if (integers === null) return inFloats()
  let slower = integers
  try {
    const floats = await inFloats()
    const isFaster = (await timeOf(integers)) <= (await timeOf(floats))
    slower = isFaster ? floats : integers
    return isFaster ? integers : floats
  } finally {
    slower.dispose()
  }
}

/** Milliseconds of the fastest of a few runs, of which the first lets the engine compile what it compiles lazily. */
async function timeOf(model: CompiledModel): Promise<number> {
  const zeros = new Float32Array(inputLength(model.architecture))
  let fastest = Number.POSITIVE_INFINITY
  for (let run = 0; run < 4; run++) {
    const start = performance.now()
    await model.run(zeros)
    fastest = Math.min(fastest, performance.now() - start)
  }
  return fastest
}
