/** What the strides of a MobileNet multiply to: each side of the last map has a 32nd of the input's pixels, rounded up. */
export const totalStride = 32

/**
 * What is said of a dense layer that takes a map of so many positions along each side, where nothing states the size of the input.
 * @param stride what the strides of the network multiply to
 */
export function mapReason(side: number, stride: number = totalStride): string {
  const sizes = `${(side - 1) * stride + 1} to ${side * stride}`
  return `a dense layer takes a map of ${side} x ${side}, which pictures of ${sizes} pixels give: architecture: { height, width } states another size`
}
