/**
 * Channels rounded to the nearest multiple of `divisor`, at least `divisor`, and one multiple more if rounding down would
 * lose over 10 % (`_make_divisible` of TF-slim's and torchvision's MobileNetV2).
 */
export function makeDivisible(channels: number, divisor: number): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor)
  return rounded < 0.9 * channels ? rounded + divisor : rounded
}
