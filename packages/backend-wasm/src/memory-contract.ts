import { roundUp } from '@mobilenetv2/runtime'

/**
 * The contract between the plan, which lays out the memory, and the kernels, which work in it.
 *
 * Layout. A buffer is the weights of a step, an activation, or the scratch of a thread. Each buffer begins at a multiple of `alignment`. An
 * activation is [height][width][channels]. A value has 4, 2 or 1 bytes (`Numbers`). Channels are padded to whole blocks (`paddedChannels`),
 * so that kernels work on whole vectors. In float32, padded channels are zeros, and stay zeros because their weights are zeros. In integers
 * they may have any value, because their weights are zero. Only the picture may be unpadded.
 *
 * Border. The row at `zerosAddress` has the values around a map: zeros, or in 8 bits the bytes that stand for zero (`Numbers.outside`).
 * Kernels read it in place of rows above and below a map, and never write it. It is as long as the longest row that any kernel needs.
 *
 * Weights. Bytes that a kernel's packing does not write are zero.
 *
 * Reading. A kernel may read up to `overreadBytes` beyond the end of a buffer, where there is always memory. The values there are
 * undefined, and must not affect the output.
 *
 * Writing. A kernel writes only the units of its output that it is called for, and the scratch of its thread, which has as many bytes as
 * the kernel needs. If its last vector reaches beyond its values, the kernel must count those bytes too.
 */
export const alignment = 64
export const zerosAddress = 0

export const floatBytes = 4
/** Floats of a vector. */
export const lanes = 4
export const vectorBytes: number = lanes * floatBytes
export const overreadBytes = 16

/** The channels of a block of packed weights. A tile of a product has one or two blocks. Activations are padded to whole blocks. */
export const channelBlock = 8
export const blockBytes: number = channelBlock * floatBytes

/** The number of values in one pixel of an activation. */
export function paddedChannels(channels: number): number {
  return roundUp(channels, channelBlock)
}
