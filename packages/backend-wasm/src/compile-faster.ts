import { type CompiledModel, inputLength, MobileNetV2Error } from '@mobilenetv2/spec'

/** The milliseconds of the fastest of a few runs. In the first run the engine compiles what it compiles at first use. */
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

/** The faster one of the integer and the float32 model; the float32 model if no kernel can run a layer in integers. */
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
