import { parseArgs } from 'node:util'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import type { Runner, Task } from './contender.js'
import { onnxruntimeWebContender } from './contenders/onnxruntime-web.js'
import { wasmContender } from './contenders/wasm.js'
import { measure } from './measure.js'

const contenders = [wasmContender, onnxruntimeWebContender]
const tolerance = 1e-4

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** The largest difference of two runners' logits, relative to the largest logit. */
async function difference(runner: Runner, first: Runner): Promise<number> {
  const expected = await first.run()
  return largest((await runner.run()).map((value, index) => value - (expected[index] ?? Number.NaN))) / largest(expected)
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    width: { type: 'string', default: '1' },
    size: { type: 'string', default: '224' },
  },
})
const size = Number(values.size)
const architecture = defineMobileNetV2({ widthMultiplier: Number(values.width), height: size, width: size })
const task: Task = { architecture, parameters: seededParameters(architecture), input: seededInput(architecture) }

const runners: Runner[] = []
for (const contender of contenders) {
  const runner = await contender.prepare(task)
  const off = await difference(runner, runners[0] ?? runner)
  if (!(off <= tolerance))
    throw new Error(`${contender.name} gives another answer: ${off} of the largest logit, where ${tolerance} is allowed`)
  runners.push(runner)
}
const timings = await measure(runners, { warmUp: 10, rounds: Number(values.runs) })
console.log(
  `MobileNetV2 ${values.width}, ${size} x ${size}, batch 1, one thread, Node ${process.version}, ${values.runs} paired rounds`,
)
for (const [index, { medianMs, minMs, ratioToFirst }] of timings.entries()) {
  const name = contenders[index]?.name ?? ''
  console.log(
    `${name.padEnd(24)} median ${medianMs.toFixed(2)} ms  min ${minMs.toFixed(2)} ms  ${ratioToFirst.toFixed(2)} x the first`,
  )
}
for (const runner of runners) await runner.dispose()
