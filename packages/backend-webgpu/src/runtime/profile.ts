import { type LayerTime, MobileNetV2Error } from '@mobilenetv2/spec'
import { bufferUsage, mapModeRead } from '../device/flags.js'
import type { Fixed, Room } from './room.js'

const rounds = { warmUp: 1, timed: 4 } as const
const bytesOfTimestamp = 8
const nanosecondsPerMillisecond = 1e6

/**
 * Times each step of a plan by timestamp queries, on a picture of zeros. Browsers round timestamps (Chrome to 100 microseconds), and each
 * step has its own pass, so the sum is more than a run takes.
 * @throws MobileNetV2Error `BACKEND` if the device has no timestamp queries
 */
export async function profileSteps({ device, plan, pipelines }: Fixed, room: Room): Promise<readonly LayerTime[]> {
  if (!device.features.has('timestamp-query')) {
    throw new MobileNetV2Error('BACKEND', 'Layers cannot be timed, because the device has no timestamp queries.', {
      remedy: "Give a device that is opened with the feature 'timestamp-query', or time whole runs.",
    })
  }
  const count = plan.steps.length * 2
  const queries = device.createQuerySet({ type: 'timestamp', count })
  const size = count * bytesOfTimestamp
  const resolved = device.createBuffer({ label: 'timestamps', size, usage: bufferUsage.queryResolve | bufferUsage.copySource })
  const readBack = device.createBuffer({ label: 'timestamps read', size, usage: bufferUsage.mapRead | bufferUsage.copyTarget })
  const totals = plan.steps.map(() => 0)
  try {
    for (let round = -rounds.warmUp; round < rounds.timed; round++) {
      const encoder = device.createCommandEncoder()
      encoder.clearBuffer(room.picture)
      plan.steps.forEach(({ kernel }, index) => {
        const timestampWrites = { querySet: queries, beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 }
        const pass = encoder.beginComputePass({ timestampWrites })
        pass.setPipeline(pipelines[index]!)
        pass.setBindGroup(0, room.groups[index]!)
        pass.dispatchWorkgroups(kernel.groups[0], kernel.groups[1], 1)
        pass.end()
      })
      encoder.resolveQuerySet(queries, 0, count, resolved, 0)
      encoder.copyBufferToBuffer(resolved, 0, readBack, 0, size)
      device.queue.submit([encoder.finish()])
      await readBack.mapAsync(mapModeRead)
      const times = new BigUint64Array(readBack.getMappedRange())
      for (let index = 0; index < totals.length && round >= 0; index++) {
        // If a device sets its clock back during a pass, the time would be negative.
        totals[index]! += Math.max(0, Number(times[2 * index + 1]! - times[2 * index]!))
      }
      readBack.unmap()
    }
  } finally {
    queries.destroy()
    resolved.destroy()
    readBack.destroy()
  }
  return plan.steps.map(({ layers }, index) => ({
    layers,
    milliseconds: totals[index]! / rounds.timed / nanosecondsPerMillisecond,
  }))
}
