const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, queryResolve: 0x200 }
const bytesOfTimestamp = 8

/**
 * Times work on a device: by timestamps if the device has them, else by the wall clock.
 * @returns `kind`, and `time`, which records each function of a list into a compute pass of its own, submits them together, and gives
 *   the seconds of each
 */
export function createClock(device) {
  return device.features.has('timestamp-query') ? timestampClock(device) : wallClock(device)
}

function timestampClock(device) {
  const time = async (records) => {
    const count = 2 * records.length
    const size = count * bytesOfTimestamp
    const querySet = device.createQuerySet({ type: 'timestamp', count })
    const resolved = device.createBuffer({ size, usage: usage.queryResolve | usage.copySource })
    const readBack = device.createBuffer({ size, usage: usage.mapRead | usage.copyTarget })
    const encoder = device.createCommandEncoder()
    records.forEach((record, index) => {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 }
      const pass = encoder.beginComputePass({ timestampWrites })
      record(pass)
      pass.end()
    })
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, readBack, 0, size)
    device.queue.submit([encoder.finish()])
    await readBack.mapAsync(1)
    const stamps = new BigUint64Array(readBack.getMappedRange().slice(0))
    for (const made of [readBack, resolved, querySet]) made.destroy()
    return records.map((_, index) => Math.max(0, Number(stamps[2 * index + 1] - stamps[2 * index])) / 1e9)
  }
  return { kind: 'timestamps', time }
}

function wallClock(device) {
  const time = async (records) => {
    const seconds = []
    for (const record of records) {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      record(pass)
      pass.end()
      const commands = encoder.finish()
      const start = performance.now()
      device.queue.submit([commands])
      await device.queue.onSubmittedWorkDone()
      seconds.push((performance.now() - start) / 1000)
    }
    return seconds
  }
  return { kind: 'wall clock', time }
}
