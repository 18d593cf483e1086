import { counts } from '../planner/counts.js'

/**
 * What every worker runs, as text: a bundler that renames or instruments functions cannot break it, and no file must be served.
 * `port` is the host's. The messages are those of `team.ts`: first a `Start`, which each worker answers, then, to the first worker,
 * `Order`s, which it answers for all. The others learn of orders by the counts alone, and read no message after the first.
 *
 * In each call a thread does its own share, of which it had the neighbouring part in the call before, and then what others have not come
 * to of theirs: one that wakes late, or whose processor has other work, holds nobody up for longer than the part that it is at.
 * A call begins when all parts of the one before are done. A thread looks for that in a loop, for about as long as the longest part
 * takes, before it sleeps: waking takes longer than most waits, and Linux finds a thread another processor only while it wants to run.
 */
export const workerSource: string = `
const counts = ${JSON.stringify(counts)}
const spins = 100000
let run

function start({ module, memory, pages, weights, countsAddress, calls, pictureAddress, parts, thread, threads }) {
  memory ??= new WebAssembly.Memory({ initial: pages, maximum: pages })
  if (weights !== null) new Uint8Array(memory.buffer).set(new Uint8Array(weights))
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports
  const work = calls.map(({ name, values, units }) => ({ kernel: kernels[name], values, units }))
  const cells = new Int32Array(memory.buffer, countsAddress)

  function take(share, limit) {
    const taken = counts.taken + share * counts.perShare
    let next = Atomics.load(cells, taken)
    while (((next - limit) | 0) < 0) {
      const seen = Atomics.compareExchange(cells, taken, next, next + 1)
      if (seen === next) return next
      next = seen
    }
    return limit
  }

  function doShare(share, { kernel, values, units }, limit, allDone) {
    for (let number = take(share, limit); number !== limit; number = take(share, limit)) {
      const part = (share + 1) * parts - ((limit - number) | 0)
      const begin = Math.floor((units * part) / (threads * parts))
      const end = Math.floor((units * (part + 1)) / (threads * parts))
      if (begin < end) kernel(...values, begin, end)
      if (((Atomics.add(cells, counts.done, 1) + 1) | 0) === allDone) Atomics.notify(cells, counts.done)
    }
  }

  function meet(allDone) {
    for (let spin = 0; ; spin++) {
      const done = Atomics.load(cells, counts.done)
      if (((done - allDone) | 0) >= 0) return
      if (spin > spins) Atomics.wait(cells, counts.done, done)
    }
  }

  function doOrder(begin, end) {
    const times = []
    for (let index = 0, limit = begin; ((end - limit) | 0) > 0; index++) {
      limit = (limit + parts) | 0
      const allDone = Math.imul(limit, threads)
      for (let other = 0; other < threads; other++) doShare((thread + other) % threads, work[index], limit, allDone)
      meet(allDone)
      times.push(performance.now())
    }
    return times
  }

  if (thread > 0) {
    return () => {
      for (let end = 0; ; ) {
        Atomics.wait(cells, counts.end, end)
        end = Atomics.load(cells, counts.end)
        doOrder(Atomics.load(cells, counts.begin), end)
      }
    }
  }
  return ({ picture, begin, end, results }) => {
    const started = performance.now()
    if (picture !== null) new Float32Array(memory.buffer, pictureAddress, picture.length).set(picture)
    const times = [started, ...doOrder(begin, end)]
    return { picture, results: results.map(({ address, length }) => new Float32Array(memory.buffer, address, length).slice()), times }
  }
}

port.onmessageerror = () => port.postMessage({ error: 'the worker cannot read what it is sent' })
port.onmessage = ({ data }) => {
  try {
    if (run === undefined) {
      run = start(data)
      port.postMessage({})
      if (data.thread > 0) run()
    } else {
      const answer = run(data)
      port.postMessage(answer, answer.picture === null ? [] : [answer.picture.buffer])
    }
  } catch (error) {
    port.postMessage({ error: String(error) })
  }
}
`
