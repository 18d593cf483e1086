import { type BottleneckRow, defineMobileNetV2, type Preprocessing } from '@mobilenetv2/spec'
import { runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { readNetwork, toSafetensors, withHead } from '@mobilenetv2/weights'
import { expect, it } from 'vitest'
import { trainHead } from '../src/index.js'

const table: readonly BottleneckRow[] = [
  [1, 8, 1, 1],
  [6, 16, 2, 2],
]
const options = { table, height: 24, width: 24, headChannels: 64, classes: 7 }
const preprocessing: Preprocessing = {
  geometry: { kind: 'stretch' },
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}

it('a frozen backbone with a new head is a network like any other: saved, loaded, and of the same answers', async () => {
  const architecture = defineMobileNetV2(options)
  const parameters = seededParameters(architecture)
  const labels = Array.from({ length: 12 }, (_, picture) => picture % 3)
  const input = Float32Array.from(
    labels.flatMap((label, picture) => [...seededInput(architecture, 1, picture).map((value) => value + 0.5 * label)]),
  )
  const { features } = runReference(architecture, parameters, input, { batch: 12, outputs: ['features'] })
  const classNames = ['cat', 'dog', 'owl']
  const head = await trainHead({ classNames, labels, length: 64, features }, { validation: 0 })
  expect(head.training.accuracy).toBe(1)

  const classes = { labels: [], background: 0, output: 'sigmoid' } as const
  const backbone = await readNetwork(toSafetensors({ options, parameters, preprocessing, classes }))
  const taught = await readNetwork(toSafetensors(withHead(backbone, { ...head, labels: head.classNames })))
  expect(taught.classes).toMatchObject({ labels: classNames, background: null, output: 'softmax' })
  const { logits } = runReference(taught.architecture, taught.parameters, input, { batch: 12 })
  const answers = labels.map((_, picture) => {
    const row = [...logits.subarray(3 * picture, 3 * picture + 3)]
    return row.indexOf(Math.max(...row))
  })
  expect(answers).toEqual(labels)
})
