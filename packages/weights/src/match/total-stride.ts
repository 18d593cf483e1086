/** The product of the strides of a MobileNet: each side of the last map has a 32nd of the input's pixels, rounded up. */
export const totalStride = 32

/**
 * The reason for the size of an input that no source states: a dense layer takes a map of so many positions along each side.
 * @param stride the product of the strides of the network
 */
export function mapReason(side: number, stride: number = totalStride): string {
  const sizes = `${(side - 1) * stride + 1} to ${side * stride}`
  return `a dense layer takes a map of ${side} x ${side}, which pictures of ${sizes} pixels give: architecture: { height, width } states another size`
}
