import { appendFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { expect } from 'vitest'
import { type Checkpoint, CheckpointError, type Network, readCheckpoint, toNetwork } from '../../src/index.js'
import { allocationsOf } from './allocations.js'
import { type Random, randomOf } from './random.js'

/** Inputs for each reader. CI asks for the full count, which takes minutes. The default takes seconds. */
export const fuzzRuns: number = Number(process.env.MOBILENETV2_FUZZ_RUNS ?? 100)

/** Milliseconds for all inputs of a reader, on a machine that does much else. */
export const fuzzTimeout: number = Math.max(1_200_000, 100 * fuzzRuns)

/** The number of the first input: with one run, the input of this number alone. */
const firstRun = Number(process.env.MOBILENETV2_FUZZ_FIRST ?? 0)

/** A file that gets a line of counts for each reader. */
const countsFile = process.env.MOBILENETV2_FUZZ_COUNTS

/** Bytes that a reader may need beyond the size of its input. */
const mostBeyond = 64 * 2 ** 20

/** Bytes that the process may need in total. If an input left memory behind, this would add up. */
const mostResident = 1.5 * 2 ** 30

/** The most seconds for one input. They are many, because a busy machine is slow without any hang. */
const mostSeconds = 10

/** From this many inputs on, at least one must be read and at least one must be refused. */
const enoughRuns = 2000

/** The most kinds of failures that the report shows. */
const mostTold = 12

/** A file and the files beside it. */
export interface FuzzFile {
  readonly bytes: Uint8Array
  /** The files beside it. */
  readonly siblings?: ReadonlyMap<string, Uint8Array> | undefined
  /** Its name, by which the files beside it are found; none unless given. */
  readonly file?: string | undefined
}

/** The results of reading a file. Each is null if the file is refused. */
export interface FuzzReading {
  readonly checkpoint: Checkpoint | null
  readonly network: Network | null
}

/** An input of a reader. */
export interface FuzzInput {
  readonly file: FuzzFile
  /** Throws if the network that was read differs from what the file states. */
  check?(reading: FuzzReading): void | Promise<void>
}

/** A function that makes inputs of a reader. */
export interface FuzzSource {
  readonly name: string
  /** Whether the whole file is a network, rather than tensors of no network. */
  readonly whole: boolean
  /** The fraction of its reader's inputs that come from this source. A large file gets a small share, because each input costs more. */
  readonly share: number
  /** The file without any change. */
  readonly original: FuzzFile
  /** Makes an input that depends on the random numbers alone. */
  make(random: Random): FuzzInput
}

async function refusedAsNull<Result>(action: () => Promise<Result>): Promise<Result | null> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof CheckpointError) return null
    throw error
  }
}

/** Reads all tensors of a file, and its network. Any other error than a CheckpointError is thrown. */
export async function readAll({ bytes, siblings, file }: FuzzFile, whole: boolean): Promise<FuzzReading> {
  const readSibling = async (name: string): Promise<Uint8Array> => siblings?.get(name) ?? new Uint8Array()
  const checkpoint = await refusedAsNull(async () => {
    const read = await readCheckpoint(bytes, { file, readSibling })
    // Some readers read a tensor only if it is asked for.
    if (!whole) for (const tensor of read.tensors.values()) void tensor.bytes
    return read
  })
  return { checkpoint, network: checkpoint && (await refusedAsNull(() => toNetwork(checkpoint))) }
}

function isRead({ checkpoint, network }: FuzzReading, whole: boolean): boolean {
  return whole ? network !== null : checkpoint !== null
}

/** Ends the process if one input takes too long: an endless loop leaves the process no other end. */
const watchdog = `
  const { workerData: { counter, mostSeconds } } = require('node:worker_threads')
  let seen = 0
  setInterval(() => {
    // An odd count is an input that is being read.
    if (counter[0] === seen && seen % 2 === 1) {
      require('node:fs').writeSync(2, 'Input ' + counter[1] + ' of source ' + counter[2] + ' takes over ' + mostSeconds + ' s.\\n')
      process.kill(process.pid, 'SIGKILL')
    }
    seen = counter[0]
  }, 1000 * mostSeconds)`

/** Runs one input at a time under the watchdog. */
interface Watch {
  guard<Result>(source: number, run: number, action: () => Promise<Result>): Promise<Result>
  end(): Promise<unknown>
}

function startWatch(): Watch {
  const counter = new Int32Array(new SharedArrayBuffer(12))
  const worker = new Worker(watchdog, { eval: true, workerData: { counter, mostSeconds } })
  worker.unref()
  return {
    async guard(source, run, action) {
      counter[1] = run
      counter[2] = source
      counter[0]!++
      try {
        return await action()
      } finally {
        counter[0]!++
      }
    },
    end: () => worker.terminate(),
  }
}

/** Reads one input, and tells how it ended: an error is a failure. */
async function runOne({ file, check }: FuzzInput, whole: boolean): Promise<boolean> {
  const { result, allocations } = await allocationsOf(() => readAll(file, whole))
  const siblings = [...(file.siblings?.values() ?? [])].reduce((sum, { length }) => sum + length, 0)
  const most = file.bytes.length + siblings + mostBeyond
  if (allocations.arrays > most || allocations.heap > most) {
    throw new Error(`It takes ${JSON.stringify(allocations)} for ${file.bytes.length} bytes.`)
  }
  await check?.(result)
  return isRead(result, whole)
}

/** The text of an error with the start of its stack, and its kind: the same text without numbers. */
function told(error: unknown): { kind: string; text: string } {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = text.split('\n').slice(0, 5).join('\n').slice(0, 1000)
  return { kind: lines.replace(/[\d.-]+/g, '0'), text: lines }
}

/**
 * Makes inputs of a reader, and expects each to be read or refused: within 64 MiB beyond its size, 10 seconds, and with no other error
 * than a CheckpointError. Some must be read and some refused. To meet a failure again, set `MOBILENETV2_FUZZ_FIRST` to the number of its
 * input and `MOBILENETV2_FUZZ_RUNS` to 1, and run its test alone.
 */
export async function fuzz(reader: string, sources: readonly FuzzSource[], runs: number): Promise<void> {
  const watch = startWatch()
  const [started, usedBefore] = [performance.now(), process.cpuUsage()]
  const failures = new Map<string, string>()
  let [read, refused, failed] = [0, 0, 0]
  for (const [index, { name, whole, share, original, make }] of sources.entries()) {
    expect({ name, whole: (await readAll(original, whole)).network !== null }).toEqual({ name, whole })
    for (let run = firstRun; run < firstRun + Math.ceil(runs * share); run++) {
      try {
        const accepted = await watch.guard(index, run, () => runOne(make(randomOf(run)), whole))
        if (accepted) read++
        else refused++
      } catch (error) {
        failed++
        const { kind, text } = told(error)
        if (failures.size < mostTold && !failures.has(kind)) failures.set(kind, `Input ${run} of ${name}: ${text}`)
      }
      const { rss } = run % 100 === 0 ? process.memoryUsage() : { rss: 0 }
      if (rss > mostResident) throw new Error(`After input ${run} of ${name} the process takes ${rss} bytes.`)
    }
  }
  await watch.end()
  if (countsFile !== undefined) {
    const seconds = Math.round((performance.now() - started) / 1000)
    const { user, system } = process.cpuUsage(usedBefore)
    const cpuSeconds = Math.round((user + system) / 1e6)
    const peak = Math.round(process.resourceUsage().maxRSS / 1024)
    const counts = {
      ...{ reader, runs: read + refused + failed, read, refused, failed, seconds, cpuSeconds, peakMiB: peak },
      failures: [...failures.values()],
    }
    appendFileSync(countsFile, `${JSON.stringify(counts)}\n`)
  }
  if (failed > 0)
    throw new Error(`${failed} inputs fail, of which these are of different kinds:\n${[...failures.values()].join('\n')}`)
  if (runs >= enoughRuns) expect({ someRead: read > 0, someRefused: refused > 0 }).toEqual({ someRead: true, someRefused: true })
}
