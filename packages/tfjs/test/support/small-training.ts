import { type BottleneckRow, defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededValues } from '@mobilenetv2/testing'
import { type Example, initialParameters, type TrainOptions } from '../../src/index.js'
import { datasetOf } from '../../src/training/dataset.js'

const table: readonly BottleneckRow[] = [
  [1, 8, 1, 1],
  [4, 8, 2, 2],
]

/** A network of 11 weighted layers and a few thousand parameters. */
export const smallArchitecture = defineMobileNetV2({
  table,
  stemChannels: 8,
  headChannels: 24,
  height: 12,
  width: 12,
  classes: 3,
})

/** Pictures of three classes: noise that is brighter in one colour, a different one for each class. */
export function smallExamples(count: number, side = 12): Example[] {
  return Array.from({ length: count }, (_, index) => {
    const noise = seededValues(`example.${index}`, side * side * 3, -1, 1)
    const pixels = noise.map((value, place) => value + (place % 3 === index % 3 ? 2 : 0))
    return { height: side, width: side, pixels, label: ['blue', 'green', 'red'][index % 3]! }
  })
}

/** Options of a training that takes 12 steps. */
export const smallTraining: TrainOptions = {
  architecture: smallArchitecture,
  parameters: initialParameters(smallArchitecture, { seed: 1 }),
  dataset: datasetOf(smallExamples(26)),
  optimizer: { learningRate: 0.1 },
  epochs: 4,
  batch: 8,
}
