import { type CompiledModel, defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { compileFaster } from '../src/compile-faster.js'

const architecture = defineMobileNetV2({ height: 32, width: 32 })

/** A model that takes some milliseconds for a run, or fails. */
function fake(milliseconds: number | null): { readonly model: CompiledModel; disposals: number } {
  const made = {
    disposals: 0,
    model: {
      architecture,
      async run() {
        if (milliseconds === null) throw new Error('a worker failed')
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        return {}
      },
      dispose() {
        made.disposals += 1
      },
    } as unknown as CompiledModel,
  }
  return made
}

const noKernel = async (): Promise<never> => {
  throw new MobileNetV2Error('BACKEND', 'no kernel')
}

it('keeps the faster model and gives the other back', async () => {
  for (const [integers, floats] of [
    [fake(1), fake(30)],
    [fake(30), fake(1)],
  ] as const) {
    const found = await compileFaster(
      async () => integers.model,
      async () => floats.model,
    )
    const [kept, other] = found === integers.model ? [integers, floats] : [floats, integers]
    expect(kept.disposals + 2 * other.disposals).toBe(2)
    await expect(found.run(new Float32Array())).resolves.toEqual({})
  }
})

it('gives both back if one of them fails', async () => {
  for (const [integers, floats] of [
    [fake(null), fake(1)],
    [fake(1), fake(null)],
  ] as const) {
    await expect(
      compileFaster(
        async () => integers.model,
        async () => floats.model,
      ),
    ).rejects.toThrow('a worker failed')
    expect([integers.disposals, floats.disposals]).toEqual([1, 1])
  }
})

it('takes floats where no kernel runs a layer in integers, and hides no other error', async () => {
  const floats = fake(1)
  expect(await compileFaster(noKernel, async () => floats.model)).toBe(floats.model)
  await expect(
    compileFaster(
      async () => {
        throw new TypeError('a defect')
      },
      async () => floats.model,
    ),
  ).rejects.toThrow('a defect')
})
