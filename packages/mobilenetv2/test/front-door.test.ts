import { provideNsfwjs } from '@mobilenetv2/zoo/nsfwjs'
import { expect, it } from 'vitest'
import { framesOf } from '../src/frames.js'
import { load } from '../src/load.js'

if (typeof document !== 'undefined') provideNsfwjs()

/** A picture of an orange disc on blue, as the pixels that an `ImageData` holds. */
function disc(side: number) {
  const data = new Uint8ClampedArray(side * side * 4)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inside = Math.hypot(x - side / 2, y - side / 2) < side / 3
      data.set(inside ? [240, 140, 20, 255] : [30, 60, 160, 255], (y * side + x) * 4)
    }
  }
  return { data, width: side, height: side }
}

it('answers in Node and in a browser alike, and says who answered', async () => {
  using model = await load('nsfw-1.4-224')
  const answers = await model.classify(disc(300))
  expect(answers).toHaveLength(5)
  expect(answers.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5)
  expect(answers.map(({ label, probability }) => `${label} ${probability.toFixed(3)}`)).toMatchInlineSnapshot(`
    [
      "Neutral 1.000",
      "Drawing 0.000",
      "Hentai 0.000",
      "Sexy 0.000",
      "Porn 0.000",
    ]
  `)
  expect(model).toMatchObject({ backend: 'wasm', device: expect.stringContaining('wasm') })
  expect(model.network.source).toMatchObject({ format: 'tfjs-graph-model', naming: 'structural' })
  expect(model.reasons.at(-1)).toMatch(/^backend auto: wasm/)
})

it('embeds similar pictures near each other', async () => {
  using model = await load('nsfw-1.4-224')
  const [small, large] = await Promise.all([model.embed(disc(240)), model.embed(disc(480))])
  expect(small).toHaveLength(1792)
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  expect(dot(small, large) / Math.sqrt(dot(small, small) * dot(large, large))).toBeGreaterThan(0.95)
})

it('classifies many, and one that cannot be read costs only itself', async () => {
  using model = await load('nsfw-1.4-224')
  const broken = new TextEncoder().encode('no picture')
  const outcomes = []
  for await (const outcome of model.classifyBatch([disc(50), broken, disc(60), disc(70), disc(80)], { top: 1 }))
    outcomes.push(outcome)
  expect(outcomes.map((outcome) => ('error' in outcome ? 'error' : outcome.answers.length))).toEqual([1, 'error', 1, 1, 1])
  expect(outcomes[1]).toMatchObject({ picture: broken, error: { code: 'IMAGE' } })
})

it('lays a transparent picture on the colour given, whatever is asked', async () => {
  using model = await load('nsfw-1.4-224')
  const background = [200, 30, 90] as const
  const clear = { data: new Uint8Array(4 * 40 * 40), width: 40, height: 40 }
  const laid = { data: Uint8Array.from({ length: 3 * 40 * 40 }, (_, i) => background[i % 3]!), width: 40, height: 40 }
  expect(await model.classify(clear, { background })).toEqual(await model.classify(laid))
  expect(await model.classify(clear)).not.toEqual(await model.classify(laid))
  expect(await model.embed(clear, { background })).toEqual(await model.embed(laid))
  expect(await model.similarity(clear, laid, { background })).toBeCloseTo(1, 5)
  for await (const outcome of model.classifyBatch([clear], { background })) {
    expect(outcome).toMatchObject({ answers: await model.classify(laid) })
  }
  const wrong: object = { background: 'red' }
  await expect(model.classify(clear, wrong)).rejects.toMatchObject({ code: 'OPTION' })
  await expect(model.embed(clear, wrong)).rejects.toMatchObject({ code: 'OPTION' })
})

/** A GIF of two frames of 1 x 1 pixel, black and white, 50 ms each. */
const blinking = Uint8Array.from(
  atob('R0lGODlhAQABAIAAAAAAAP///yH/C05FVFNDQVBFMi4wAwEAAAAh+QQABQAAACwAAAAAAQABAAACAkQBACH5BAAFAAAALAAAAAABAAEAAAICTAEAOw=='),
  (letter) => letter.charCodeAt(0),
)

it('classifies the frames of an animated picture', async () => {
  using model = await load('nsfw-1.4-224')
  const outcomes = []
  for await (const outcome of model.classifyBatch(framesOf(blinking), { top: 2 })) outcomes.push(outcome)
  const [black, white] = [0, 255].map((level) => ({ data: new Uint8Array(3).fill(level), width: 1, height: 1 }))
  expect(outcomes).toMatchObject([
    { picture: { index: 0, delay: 50 }, answers: await model.classify(black!, { top: 2 }) },
    { picture: { index: 1, delay: 50 }, answers: await model.classify(white!, { top: 2 }) },
  ])
  expect(await model.classify(blinking, { top: 2 })).toEqual(outcomes[0] && 'answers' in outcomes[0] && outcomes[0].answers)
})

it('ends what it was asked to end, and refuses to be used after that', async () => {
  const controller = new AbortController()
  const model = await load('nsfw-1.4-224')
  controller.abort(new Error('enough'))
  await expect(load('nsfw-1.4-224', { signal: controller.signal })).rejects.toThrow('enough')
  await expect(model.classify(disc(50), { signal: controller.signal })).rejects.toThrow('enough')
  model.dispose()
  model.dispose()
  await expect(model.classify(disc(50))).rejects.toMatchObject({ code: 'DISPOSED' })
})

it('says what is wrong with a source, an option or a picture', async () => {
  // In a browser, a path is an address relative to the page.
  const where = expect.stringMatching(/no-such-file\.pth$/)
  await expect(load('no-such-file.pth')).rejects.toMatchObject({ code: 'SOURCE', details: { where } })
  const remedy = 'Did you mean nsfw-1.4-224?'
  await expect(load('nsfw-1.4')).rejects.toMatchObject({ code: 'SOURCE', details: { where: 'nsfw-1.4', remedy } })
  await expect(load(new Uint8Array(100))).rejects.toMatchObject({ code: 'CHECKPOINT' })
  await expect(load('nsfw-1.4-224', { labels: ['one'] })).rejects.toMatchObject({ code: 'OPTION' })
  using model = await load('nsfw-1.4-224')
  await expect(model.classify(disc(50), { top: 0 })).rejects.toMatchObject({ code: 'OPTION' })
  await expect(model.classify({ data: new Uint8Array(5), width: 2, height: 2 })).rejects.toMatchObject({ code: 'IMAGE' })
})

it('explains an answer by the place where it was found', async () => {
  using model = await load('nsfw-1.4-224')
  const { answer, heat, height, width, overlay } = await model.explain(disc(300))
  expect(answer).toEqual((await model.classify(disc(300), { top: 1 }))[0])
  expect([height, width, heat.length]).toEqual([7, 7, 49])
  expect(Math.max(...heat)).toBe(1)
  expect(Math.min(...heat)).toBeGreaterThanOrEqual(0)
  expect(overlay).toMatchObject({ width: 224, height: 224, channels: 3 })
  const other = await model.explain(disc(300), { class: 0 })
  expect(other.answer.index).toBe(0)
  expect(other.heat).not.toEqual(heat)
  await expect(model.explain(disc(300), { class: 5 })).rejects.toMatchObject({ code: 'OPTION' })
})

it('shows the output of a layer inside', async () => {
  using model = await load('nsfw-1.4-224')
  const inside = await model.activation(disc(224), 'block1.project')
  expect(inside).toMatchObject({ height: 112, width: 112, channels: 24 })
  expect(inside.values).toHaveLength(112 * 112 * 24)
  const pooled = await model.activation(disc(224), 'pool')
  expect(pooled.values).toEqual(await model.embed(disc(224)))
})

it('compares pictures, and leaves out answers below a threshold', async () => {
  using model = await load('nsfw-1.4-224')
  expect(await model.similarity(disc(100), disc(100))).toBeCloseTo(1, 5)
  const vector = await model.embed(disc(100), { normalize: true })
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  const answers = await model.classify(disc(100), { threshold: 0.2 })
  expect(answers.every(({ probability }) => probability >= 0.2)).toBe(true)
  await expect(model.classify(disc(100), { threshold: 2 })).rejects.toMatchObject({ code: 'OPTION' })
})
