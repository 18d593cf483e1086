import { type CompiledModel, inputLength, MobileNetV2Error } from '@mobilenetv2/spec'

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

/** The model in integers or the one in floats, whichever is faster here; the one in floats if no kernel runs a layer in integers. */
export async function compileFaster(
  compileInt8: () => Promise<CompiledModel>,
  compileFloat32: () => Promise<CompiledModel>,
): Promise<CompiledModel> {
  const integers = await compileInt8().catch((error: unknown) => {
    if (error instanceof MobileNetV2Error && error.code === 'BACKEND') return null
    throw error
  })
  if (integers === null) return compileFloat32()
  let floats: CompiledModel | null = null
  let faster: CompiledModel | null = null
  try {
    floats = await compileFloat32()
    faster = (await timeOf(integers)) <= (await timeOf(floats)) ? integers : floats
    return faster
  } finally {
    for (const model of [integers, floats]) if (model !== faster) model?.dispose()
  }
}
