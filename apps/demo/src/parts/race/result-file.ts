import { type Lane, laneSpread } from './lanes.js'
import { thisMachine } from './this-machine.js'

/** The outcome as a JSON file for others. */
export function toJson(lanes: readonly Lane[], model: string, date: Date): string {
  return JSON.stringify(
    {
      what: 'milliseconds of one picture through the network, batch 1, this browser; the racers ran in turn',
      model,
      date: date.toISOString(),
      ...thisMachine(),
      userAgent: navigator.userAgent,
      crossOriginIsolated,
      results: lanes.map(({ id, device, times, message, ...lane }) => ({
        backend: id,
        device,
        ...(message === '' ? { ...laneSpread({ times, ...lane }), best: Math.min(...times), runs: times } : { failed: message }),
      })),
    },
    null,
    2,
  )
}
