/** What the strides of a MobileNet multiply to: each side of the last map has a 32nd of the input's pixels, rounded up. */
export const totalStride = 32
