import { roundUp } from '@mobilenetv2/runtime'

/**
 * The contract between the plan, which lays out the memory, and the kernels, which work in it.
 *
 * Layout. A buffer is a step's weights, an activation, or a thread's scratch; each begins at a multiple of `alignment`. An activation
 * is [height][width][channels]. A value has 4, 2 or 1 bytes (`Numbers`). Channels are padded to whole blocks (`paddedChannels`), so that
 * kernels work on whole vectors. In float32 padded channels are zeros, and stay zeros because their weights are. In integers they may
 * hold anything, because their weights are zero. The picture alone may be unpadded.
 *
 * Border. The row at `zerosAddress` holds what lies around a map: zeros, or in 8 bits the bytes that stand for zero (`Numbers.outside`).
 * Kernels read it in place of rows above and below a map, and never write it. It is as long as the longest row that any kernel asks for.
 *
 * Weights. They are zero where a kernel's packing writes nothing.
 *
 * Reading. A kernel may read up to `overreadBytes` behind the end of a buffer: there is always memory. What it reads there is undefined,
 * and must not reach its output.
 *
 * Writing. A kernel writes the units of its output that it is asked for, and its thread's scratch, of which it has as many bytes as it
 * asks for. If a vector reaches beyond what it means to write, the kernel asks for that room too.
 */
export const alignment = 64
export const zerosAddress = 0

export const floatBytes = 4
/** Floats of a vector. */
export const lanes = 4
export const vectorBytes: number = lanes * floatBytes
export const overreadBytes = 16

/** Channels of a block of packed weights. A product's tile makes one block or two at once; activations are padded to whole blocks. */
export const channelBlock = 8
export const blockBytes: number = channelBlock * floatBytes

/** Values of one pixel of an activation. */
export function paddedChannels(channels: number): number {
  return roundUp(channels, channelBlock)
}
