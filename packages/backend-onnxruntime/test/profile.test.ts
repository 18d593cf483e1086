import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { layerTimes, readTrace } from '../src/profile.js'

const { layers } = defineMobileNetV2({ table: [[1, 8, 2, 1]], height: 8, width: 8, classes: 5 })

/** A run's events as ONNX Runtime 1.30 writes them: nodes, then the run. */
function run(nodes: Readonly<Record<string, number>>): object[] {
  const events = Object.entries(nodes).map(([name, dur]) => ({ cat: 'Node', name: `${name}_kernel_time`, dur }))
  return [...events, { cat: 'Session', name: 'SequentialExecutor::Execute', dur: 1 }, { cat: 'Session', name: 'model_run', dur: 1 }]
}

const fused = {
  'input/channelsFirst': 900,
  stem_nchwc: 100,
  'block1.depthwise_nchwc': 200,
  'block1.project_nchwc': 300,
  'block2.depthwise_nchwc': 400,
  'block2.project/branch_nchwc': 500,
  head_nchwc: 600,
  'pool/mean_nchwc': 20,
  ReorderOutput: 900,
  pool: 3,
  features: 900,
  logits: 700,
}

describe("ONNX Runtime's trace", () => {
  it("gives each layer the time of its nodes, and leaves out the nodes that are no layer's", () => {
    const trace = [{ cat: 'Session', name: 'model_loading_array', dur: 5 }, ...run(fused), ...run({ stem: 7, 'stem/linear': 8 })]
    const [first, second] = readTrace(JSON.stringify(trace), layers)
    expect([...first!].map(([id, milliseconds]) => `${id} ${milliseconds.toFixed(3)}`)).toEqual([
      'stem 0.100',
      'block1.depthwise 0.200',
      'block1.project 0.300',
      'block2.depthwise 0.400',
      'block2.project 0.500',
      'head 0.600',
      'pool 0.023',
      'classifier 0.700',
    ])
    expect([...second!]).toEqual([['stem', 0.015]])
  })

  it('gives an entry for each layer, and one for the rest of the run', () => {
    const traced = readTrace(JSON.stringify([1, 2, 3, 4].flatMap(() => run(fused))), layers)
    const times = layerTimes(layers, [4, 6, 6, 100], traced)
    expect(times.slice(0, -1).map((entry) => entry.layers)).toEqual(layers.map(({ id }) => [id]))
    expect(times.at(-1)).toEqual({ layers: [], milliseconds: expect.closeTo(6 - 2.823) })
  })

  it('gives one entry where there is no trace, or one that does not tell all layers apart', () => {
    const whole = [{ layers: layers.map(({ id }) => id), milliseconds: 6 }]
    expect(layerTimes(layers, [4, 6, 6, 100], null)).toEqual(whole)
    const traced = readTrace(JSON.stringify([1, 2, 3, 4].flatMap(() => run({ 'all of it': 3000, logits: 5 }))), layers)
    expect(layerTimes(layers, [4, 6, 6, 100], traced)).toEqual(whole)
  })
})
