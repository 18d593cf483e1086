import { provideNsfwjs } from '@mobilenetv2/zoo/nsfwjs'
import { expect, it } from 'vitest'
import { load } from '../src/load.js'

provideNsfwjs()

/** A canvas with an orange disc on blue. */
function disc(): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = 300
  canvas.height = 300
  const context = canvas.getContext('2d')!
  context.fillStyle = 'rgb(30, 60, 160)'
  context.fillRect(0, 0, 300, 300)
  context.fillStyle = 'rgb(240, 140, 20)'
  context.arc(150, 150, 100, 0, 2 * Math.PI)
  context.fill()
  return canvas
}

it('classifies a canvas as it was at the call, though it is painted over right after', async () => {
  using model = await load('nsfw-1.4-224')
  const before = await model.classify(disc())
  const canvas = disc()
  const classifying = model.classify(canvas)
  canvas.getContext('2d')!.fillRect(0, 0, 300, 300)
  expect(await classifying).toEqual(before)
  expect(await model.classify(canvas)).not.toEqual(before)
})
