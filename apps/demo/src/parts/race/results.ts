import type { RacerId } from './racer.js'

/** Where a racer is. */
export interface Lane {
  readonly id: RacerId
  readonly title: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  /** Of each run, milliseconds. */
  readonly times: readonly number[]
  readonly device: string
  readonly message: string
}

/** The middle one of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The outcome as a file for others. */
export function toJson(lanes: readonly Lane[], model: string): string {
  return JSON.stringify(
    {
      what: 'milliseconds of one picture through the network, batch 1, this browser',
      model,
      userAgent: navigator.userAgent,
      processors: navigator.hardwareConcurrency,
      crossOriginIsolated,
      results: lanes.map(({ id, device, times, message }) => ({
        backend: id,
        device,
        ...(message === '' ? { median: median(times), best: Math.min(...times), runs: times } : { failed: message }),
      })),
    },
    null,
    2,
  )
}

/** The outcome as a picture, 1000 pixels wide, on white. */
export async function toPicture(lanes: readonly Lane[], model: string): Promise<Blob> {
  const finished = lanes.filter(({ state }) => state === 'done').toSorted((a, b) => median(a.times) - median(b.times))
  const fastest = Math.min(...finished.map(({ times }) => median(times)))
  const canvas = new OffscreenCanvas(1000, 130 + finished.length * 64)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#1a1b26'
  context.font = '600 28px system-ui, sans-serif'
  context.fillText('MobileNetV2 in this browser', 32, 52)
  context.font = '18px system-ui, sans-serif'
  context.fillStyle = '#565970'
  context.fillText(`${model}; milliseconds a picture; longer bars are faster`, 32, 82, 936)
  finished.forEach(({ title, times }, index) => {
    const y = 120 + index * 64
    context.fillStyle = '#1a1b26'
    context.fillText(title, 32, y)
    context.fillText(`${median(times).toFixed(1)} ms`, 860, y)
    context.fillStyle = '#4338ca'
    context.fillRect(32, y + 8, (936 * fastest) / median(times), 18)
  })
  return canvas.convertToBlob({ type: 'image/png' })
}
