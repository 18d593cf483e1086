/**
 * What every worker runs, as text: a bundler that renames or instruments functions cannot break it, and no file must be served.
 * `port` is the host's. The messages are those of `team.ts`: first a `Start`, which each worker answers, then `Order`s, which the first one does.
 *
 * Threads meet after each call: the last to arrive wakes the others, which first look for it in a loop, since
 * they mostly wait for less time than falling asleep takes. The count of arrivals may wrap around.
 */
export const workerSource = `
const spins = 10000
let run
let leading

function start({ module, memory, pages, weights, meetingPoint, calls, pictureAddress, threads }) {
  memory ??= new WebAssembly.Memory({ initial: pages, maximum: pages })
  if (weights !== null) new Uint8Array(memory.buffer).set(new Uint8Array(weights))
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports
  const work = calls.map(({ name, values }) => ({ kernel: kernels[name], values }))
  const arrivals = new Int32Array(memory.buffer, meetingPoint, 1)
  let expected = 0

  function meet() {
    if (threads === 1) return
    expected = (expected + threads) | 0
    if (((Atomics.add(arrivals, 0, 1) + 1) | 0) === expected) {
      Atomics.notify(arrivals, 0)
      return
    }
    for (let spin = 0; ; spin++) {
      const seen = Atomics.load(arrivals, 0)
      if (((seen - expected) | 0) >= 0) return
      if (spin > spins) Atomics.wait(arrivals, 0, seen)
    }
  }

  return ({ picture, callCount, results }) => {
    const times = [performance.now()]
    if (picture !== null) new Float32Array(memory.buffer, pictureAddress, picture.length).set(picture)
    for (let index = 0; index < callCount; index++) {
      const { kernel, values } = work[index]
      kernel(...values)
      meet()
      times.push(performance.now())
    }
    return { picture, results: results.map(({ address, length }) => new Float32Array(memory.buffer, address, length).slice()), times }
  }
}

port.onmessageerror = () => port.postMessage({ error: 'the worker cannot read what it is sent' })
port.onmessage = ({ data }) => {
  try {
    if (run === undefined) {
      run = start(data)
      leading = data.leads
      port.postMessage({})
    } else {
      const answer = run(data)
      if (leading) port.postMessage(answer, answer.picture === null ? [] : [answer.picture.buffer])
    }
  } catch (error) {
    port.postMessage({ error: String(error) })
  }
}
`
