import type { LayerActivation } from 'mobilenetv2'

/** What one channel of a layer makes of a picture. */
export interface Channel {
  /** Its number in the layer, from 0. */
  readonly index: number
  readonly low: number
  readonly high: number
  readonly mean: number
  /** How far its values spread: their standard deviation; of a layer with one position, the size of its value. */
  readonly strength: number
  /** The share of its values that are 0, from 0 to 1. */
  readonly zeros: number
}

/** The channels of a layer, the strongest first. */
export function channelsOf({ values, channels, height, width }: LayerActivation): Channel[] {
  const [low, high] = [
    new Float64Array(channels).fill(Number.POSITIVE_INFINITY),
    new Float64Array(channels).fill(Number.NEGATIVE_INFINITY),
  ]
  const [sums, squares, zeros] = [new Float64Array(channels), new Float64Array(channels), new Uint32Array(channels)]
  for (let at = 0, channel = 0; at < values.length; at++) {
    const value = values[at]!
    if (value < low[channel]!) low[channel] = value
    if (value > high[channel]!) high[channel] = value
    if (value === 0) zeros[channel]! += 1
    sums[channel]! += value
    squares[channel]! += value * value
    channel = channel + 1 === channels ? 0 : channel + 1
  }
  const places = height * width
  const list = Array.from({ length: channels }, (_, index): Channel => {
    const mean = sums[index]! / places
    return {
      index,
      low: low[index]!,
      high: high[index]!,
      mean,
      strength: places === 1 ? Math.abs(mean) : Math.sqrt(Math.max(0, squares[index]! / places - mean * mean)),
      zeros: zeros[index]! / places,
    }
  })
  return list.sort((a, b) => b.strength - a.strength || a.index - b.index)
}
