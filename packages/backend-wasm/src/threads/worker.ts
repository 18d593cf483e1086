import type { KernelFunction } from '../codegen/generate.js'
import { counts } from './counts.js'
import type { NamedCall } from './executor.js'
import type { Answer, Order, Start } from './worker-pool.js'

/**
 * The program of every worker. `worker-text.ts` has it as text, so that no server must have a file and no bundler must copy one. The first
 * message is a `Start`, which each worker answers. Every later message is an `Order`, which goes to the first worker, and which this worker
 * answers for all. The other workers see orders only in the counts, and read no message after their first.
 *
 * In each call a thread first does its own share. That share is next to its share in the call before, so its data is in the thread's cache.
 * Then it takes parts of other threads' shares (work stealing). So a thread that wakes late, or whose processor is busy otherwise, delays
 * the others by at most one part. A call begins when all parts of the call before are done. Until then a thread spins, for about as long as
 * the longest part takes, and then sleeps. Spinning is better because waking takes longer than most waits, and because Linux moves a thread
 * to an idle processor only while the thread is runnable.
 */

/** The worker's end of the channel to the calling thread. The host puts its declaration before the text. */
declare const port: {
  onmessage: (event: { readonly data: Start | Order }) => void
  onmessageerror: () => void
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void
}

/** The `programId` of the file that this text was written into. */
declare const program: string

type Work = Pick<NamedCall, 'values' | 'units'> & { readonly kernel: KernelFunction }

const spins = 100_000
let run: ((order: Order) => Answer) | undefined

/** Whether a count is still below a limit. Counts may wrap around. */
const isBefore = (count: number, limit: number): boolean => ((count - limit) | 0) < 0

function start(message: Start): { readonly run: (order: Order) => Answer; readonly follow: () => never } {
  const { module, pages, weights, countsAddress, pictureAddress, parts, thread, threads } = message
  const memory = message.memory ?? new WebAssembly.Memory({ initial: pages, maximum: pages })
  if (weights !== null) new Uint8Array(memory.buffer).set(new Uint8Array(weights))
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<string, KernelFunction>
  const work = message.calls.map(({ name, values, units }): Work => ({ kernel: kernels[name]!, values, units }))
  const cells = new Int32Array(memory.buffer, countsAddress)

  /** Takes the next part of a share. Gives `limit` if no part is left. */
  const take = (share: number, limit: number): number => {
    const taken = counts.taken + share * counts.perShare
    let next = Atomics.load(cells, taken)
    while (isBefore(next, limit)) {
      const seen = Atomics.compareExchange(cells, taken, next, next + 1)
      if (seen === next) return next
      next = seen
    }
    return limit
  }

  const doShare = (share: number, { kernel, values, units }: Work, limit: number, allDone: number): void => {
    for (let number = take(share, limit); number !== limit; number = take(share, limit)) {
      const part = (share + 1) * parts - ((limit - number) | 0)
      const begin = Math.floor((units * part) / (threads * parts))
      const end = Math.floor((units * (part + 1)) / (threads * parts))
      if (begin < end) kernel(...values, begin, end)
      if (((Atomics.add(cells, counts.done, 1) + 1) | 0) === allDone) Atomics.notify(cells, counts.done)
    }
  }

  /** Waits until all parts of a call are done. */
  const meet = (allDone: number): void => {
    for (let spin = 0; ; spin++) {
      const done = Atomics.load(cells, counts.done)
      if (!isBefore(done, allDone)) return
      if (spin > spins) Atomics.wait(cells, counts.done, done)
    }
  }

  const doOrder = (begin: number, end: number): number[] => {
    const times: number[] = []
    let limit = begin
    for (let index = 0; isBefore(limit, end); index++) {
      limit = (limit + parts) | 0
      const allDone = Math.imul(limit, threads)
      for (let other = 0; other < threads; other++) doShare((thread + other) % threads, work[index]!, limit, allDone)
      meet(allDone)
      times.push(performance.now())
    }
    return times
  }

  return {
    run({ picture, begin, end, results }) {
      const started = performance.now()
      if (picture !== null) new Uint8Array(memory.buffer, pictureAddress, picture.length).set(picture)
      const times = [started, ...doOrder(begin, end)]
      return {
        picture,
        results: results.map(({ address, bytes }) => new Uint8Array(memory.buffer, address, bytes).slice()),
        times,
      }
    },
    follow() {
      for (let end = 0; ; ) {
        Atomics.wait(cells, counts.end, end)
        end = Atomics.load(cells, counts.end)
        doOrder(Atomics.load(cells, counts.begin), end)
      }
    },
  }
}

port.onmessageerror = () => port.postMessage({ error: 'the worker cannot read what it is sent' })
port.onmessage = ({ data }) => {
  try {
    if ('module' in data) {
      if (data.program !== program) throw new Error('the worker has the program of another version')
      const started = start(data)
      run = started.run
      port.postMessage({})
      if (data.thread > 0) started.follow()
    } else {
      const answer = run!(data)
      port.postMessage(answer, answer.picture === null ? [] : [answer.picture.buffer])
    }
  } catch (error) {
    port.postMessage({ error: String(error) })
  }
}
