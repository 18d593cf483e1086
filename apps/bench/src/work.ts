import { checkAnswer, type Expected } from './answer.js'
import type { Contender, Runner, Task } from './contender.js'
import {
  type ColdTimes,
  checkedPictures,
  expectedPaths,
  inputPath,
  type Paired,
  type PairedJob,
  type PairedOutcome,
  type StartJob,
} from './jobs.js'
import { messageOf } from './message.js'
import { compilePeakKernel } from './peak-kernel.js'
import { type ContenderName, factsOf } from './registry.js'
import { timeRounds } from './rounds.js'

/** The process or page in which the work is done. */
export interface Place {
  /** See `Task.folder` and `Task.peers`. */
  readonly folder: string | null
  peersOf(name: ContenderName): string | null
  importContender(name: ContenderName): Promise<Contender>
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>
}

/** A contender's task, completely in memory, and its expected answer. */
export interface OpenedTask {
  readonly name: ContenderName
  readonly task: Task
  readonly expected: Expected
}

function floats({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return new Float32Array<ArrayBuffer>(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT)
}

/** Reads the files of a contender's model, the pictures and the expected answer. */
export async function openTask(place: Place, { assignment, contender }: StartJob): Promise<OpenedTask> {
  const { options, picture, classes, batch, threads, models } = assignment
  const { model } = factsOf(contender)
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const path of models[model] ?? []) files.set(path.slice(model.length + 1), await place.readFile(path))
  const kind = model === 'int8' ? 'probabilities' : 'logits'
  const pictures = checkedPictures(batch)
  const values = floats(await place.readFile(expectedPaths[kind]))
  const length = values.length / pictures.length
  const rows = pictures.map((number, row) => ({ picture: number, values: values.subarray(row * length, (row + 1) * length) }))
  const input = floats(await place.readFile(inputPath))
  const { folder } = place
  return {
    name: contender,
    task: { options, picture, classes, batch, threads, input, files, folder, peers: place.peersOf(contender) },
    expected: { rows, kind },
  }
}

async function prepareChecked(place: Place, { name, task, expected }: OpenedTask): Promise<Runner> {
  const contender = await place.importContender(name)
  const runner = await contender.prepare(task)
  checkAnswer(await runner.run(), task.batch, expected)
  return runner
}

const surveyRuns = 5
const surveyMs = 3000

/** Starts a contender, checks its answer, and runs it a few times, so that its memory reaches the peak. */
export async function survey(place: Place, opened: OpenedTask): Promise<{ device: string | null }> {
  const runner = await prepareChecked(place, opened)
  const start = performance.now()
  for (let run = 0; run < surveyRuns && performance.now() - start < surveyMs; run++) await runner.run()
  return { device: runner.device }
}

const settleMs = 100

/** One cold start. `ColdTimes` says what is in memory before it. */
export async function coldStart(place: Place, { name, task, expected }: OpenedTask): Promise<ColdTimes> {
  const contender = await place.importContender(name)
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const start = performance.now()
  const runner = await contender.prepare(task)
  const loaded = performance.now()
  const answer = await runner.run()
  const end = performance.now()
  checkAnswer(answer, task.batch, expected)
  return { loadMs: loaded - start, firstRunMs: end - loaded }
}

/**
 * Prepares and checks every contender, then times them and the peak kernel in turn. A contender that fails gets its error in place of
 * rounds.
 */
export async function paired(
  place: Place,
  { assignment, contenders, rounds }: PairedJob,
  progress: (text: string) => void,
): Promise<Paired> {
  const kernel = await compilePeakKernel()
  const runners: { name: ContenderName; runner: Runner }[] = []
  const errors = new Map<ContenderName, string>()
  for (const name of contenders) {
    progress(`preparing ${name}`)
    try {
      runners.push({ name, runner: await prepareChecked(place, await openTask(place, { assignment, contender: name })) })
    } catch (error) {
      errors.set(name, messageOf(error))
    }
  }
  progress('warming up')
  const [peakRounds = [], ...times] = await timeRounds(
    [
      () => kernel.run(),
      ...runners.map(
        ({ name, runner }) =>
          () =>
            runner.run().catch((error) => errors.set(name, messageOf(error))),
      ),
    ],
    rounds,
    (round) => progress(`round ${round + 1} of ${rounds.runs}`),
  )
  const done = new Map<ContenderName, PairedOutcome>()
  for (const [index, { name, runner }] of runners.entries()) {
    if (errors.has(name)) continue
    try {
      done.set(name, { contender: name, rounds: times[index]!, profile: (await runner.profile?.()) ?? null })
    } catch (error) {
      errors.set(name, `the profile failed: ${messageOf(error)}`)
    }
  }
  return {
    peak: { instruction: kernel.instruction, operations: kernel.operations, rounds: peakRounds },
    outcomes: contenders.map((contender) => done.get(contender) ?? { contender, error: errors.get(contender) ?? 'did not run' }),
  }
}
