// Models with a tail. This file is imported lazily, because published networks have no tail.
import { inputLength, type LayerId, type LayerTime, type OutputName, outputLayerId, type RunOptions } from '@mobilenetv2/spec'
import { checkRunOptions } from './check-run.js'
import { disposedError } from './life.js'
import { meansOfMiddle } from './means-of-middle.js'
import { createPause, type Pause } from './pause.js'
import { createTail, type TailStep } from './tail.js'
import type { ModelOf, WholeNetwork } from './with-tail.js'

/** The first rounds are not timed: in them the JavaScript engine still optimises the code. */
const profileRounds = { warmUp: 4, timed: 8 } as const

/** Runs a step on the outputs `[batch, …]` of the layer before it. */
async function runStep(step: TailStep, input: Float32Array, batch: number, pause: Pause): Promise<Float32Array> {
  const { inputLength: from, outputLength: to } = step
  const output = new Float32Array(batch * to)
  for (let picture = 0; picture < batch; picture++) {
    await pause()
    const one = input.subarray(picture * from, (picture + 1) * from)
    await step.run(one, output.subarray(picture * to, (picture + 1) * to), pause)
  }
  return output
}

/** Times each step on one picture: `input` is the output of the body. */
async function profileSteps(steps: readonly TailStep[], input: Float32Array, pause: Pause): Promise<LayerTime[]> {
  const rounds: number[][] = []
  for (let round = -profileRounds.warmUp; round < profileRounds.timed; round++) {
    const times: number[] = []
    let before = input
    for (const step of steps) {
      await pause()
      const start = performance.now()
      before = await runStep(step, before, 1, () => undefined)
      times.push(performance.now() - start)
    }
    if (round >= 0) rounds.push(times)
  }
  return meansOfMiddle(rounds).map((milliseconds, index) => ({ layers: [steps[index]!.id], milliseconds }))
}

/**
 * Makes the model of a whole network from its compiled body. The tail takes the output of the body, and runs on the calling thread with
 * float64 sums. The returned model owns the body: its `dispose` disposes of the body too.
 */
export function createWholeModel<Input>(body: ModelOf<Input>, { architecture, tail, parameters }: WholeNetwork): ModelOf<Input> {
  let steps: readonly TailStep[] | null = createTail(tail, parameters)
  const inTail = new Set<LayerId>(tail.map(({ id }) => id))

  const alive = (): readonly TailStep[] => {
    if (steps === null) throw disposedError()
    return steps
  }
  /** A pause that throws if the model was disposed of. */
  const pauseWhileAlive = (signal?: RunOptions['signal']): Pause => {
    const pause = createPause(signal)
    return () => {
      alive()
      return pause()
    }
  }
  const dispose = (): void => {
    steps = null
    body.dispose()
  }

  return {
    backend: body.backend,
    device: body.device,
    architecture,
    async run<Output extends OutputName = 'logits'>(input: Input | Float32Array, options: RunOptions<Output> = {}) {
      const ready = alive()
      const { batch, outputs, signal } = checkRunOptions(architecture, options)
      const wanted = outputs.map((name) => ({ name, id: outputLayerId(architecture, name) }))
      // The tail reads the output of the body's last layer, which the body calls `logits`.
      const ofBody = wanted.map(({ name, id }): OutputName => (inTail.has(id) ? 'logits' : name))
      const given = await body.run<OutputName>(input, { batch, outputs: ofBody, signal })
      const pause = pauseWhileAlive(signal)
      const results = new Map<LayerId, Float32Array>()
      const last = ready.findLastIndex(({ id }) => wanted.some((output) => output.id === id))
      let before = given.logits
      for (const step of ready.slice(0, last + 1)) {
        before = await runStep(step, before, batch, pause)
        results.set(step.id, before)
      }
      const named = wanted.map(({ name, id }) => [name, results.get(id) ?? given[name]])
      return Object.fromEntries(named) as Record<Output, Float32Array>
    },
    async profile() {
      const times = await body.profile()
      const { logits } = await body.run(new Float32Array(inputLength(architecture)))
      return [...times, ...(await profileSteps(alive(), logits, pauseWhileAlive()))]
    },
    memory() {
      const { weights, ...rest } = body.memory()
      return { ...rest, weights: (steps ?? []).reduce((total, { weightBytes }) => total + weightBytes, weights) }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
