/**
 * A number of channels, rounded to the nearest multiple of `divisor`, but at least `divisor`. If rounding down would lose more than 10 %,
 * the number is rounded up (`_make_divisible` of TF-slim's and torchvision's MobileNetV2).
 * @example
 * ```ts
 * import { makeDivisible } from '@mobilenetv2/spec'
 *
 * makeDivisible(0.75 * 32, 8) // => 24
 * ```
 */
export function makeDivisible(channels: number, divisor: number): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor)
  return rounded < 0.9 * channels ? rounded + divisor : rounded
}
