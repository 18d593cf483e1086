/**
 * Top-1 and top-5 accuracy, in percent, of the networks that Google trained, by width multiplier and input size (tensorflow/models,
 * research/slim/nets/mobilenet/README.md). Keras, and Google on Hugging Face, publish the same weights.
 */
const slimAccuracy = {
  '1.4': { 224: [75.0, 92.5] },
  '1.3': { 224: [74.4, 92.1] },
  '1.0': { 224: [71.8, 91.0], 192: [70.7, 90.1], 160: [68.8, 89.0], 128: [65.3, 86.9], 96: [60.3, 83.2] },
  '0.75': { 224: [69.8, 89.6], 192: [68.7, 88.9], 160: [66.4, 87.3], 128: [63.2, 85.3], 96: [58.8, 81.6] },
  '0.5': { 224: [65.4, 86.4], 192: [63.9, 85.4], 160: [61.0, 83.2], 128: [57.7, 80.8], 96: [51.2, 75.8] },
  '0.35': { 224: [60.3, 82.9], 192: [58.2, 81.2], 160: [55.7, 79.1], 128: [50.8, 75.0], 96: [45.5, 70.4] },
} as const

type Table = typeof slimAccuracy

/** The name of a network in the table: width multiplier and input size, `1.0-224`. */
export type SlimName = { [Alpha in keyof Table]: `${Alpha}-${keyof Table[Alpha] & number}` }[keyof Table]

/** One network of the table. */
export interface SlimNetwork {
  readonly name: SlimName
  readonly alpha: string
  readonly size: number
  readonly top1: number
  readonly top5: number
}

/** The networks of the table, the widest and largest first. */
export const slimNetworks: readonly SlimNetwork[] = Object.entries(slimAccuracy)
  .flatMap(([alpha, bySize]) =>
    Object.entries(bySize).map(([size, [top1, top5]]) => ({
      name: `${alpha}-${size}` as SlimName,
      alpha,
      size: Number(size),
      top1,
      top5,
    })),
  )
  .sort((a, b) => Number(b.alpha) - Number(a.alpha) || b.size - a.size)
