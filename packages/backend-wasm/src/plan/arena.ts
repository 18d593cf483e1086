import { roundUp } from '@mobilenetv2/runtime'
import { alignment } from '../memory-contract.js'

/** A buffer that must be kept from the call that writes it to the last call that reads it. */
export interface Buffer {
  readonly bytes: number
  readonly firstCall: number
  readonly lastCall: number
}

/**
 * Offsets for buffers in one arena, such that buffers that are needed at the same call do not overlap. The largest buffer is placed first,
 * and each buffer gets the lowest offset that is free while it is needed ("greedy by size", arXiv 2001.03288, section 5.2).
 */
export function placeBuffers(buffers: readonly Buffer[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(buffers.length).fill(0)
  const placedAt = new Map<number, number[]>()
  const order = buffers.map((_, index) => index).sort((a, b) => buffers[b]!.bytes - buffers[a]!.bytes || a - b)
  let bytes = 0
  for (const index of order) {
    const buffer = buffers[index]!
    const calls = Array.from({ length: buffer.lastCall - buffer.firstCall + 1 }, (_, call) => buffer.firstCall + call)
    const rivals = [...new Set(calls.flatMap((call) => placedAt.get(call) ?? []))].sort((a, b) => offsets[a]! - offsets[b]!)
    let offset = 0
    for (const rival of rivals) {
      if (offset + buffer.bytes <= offsets[rival]!) break
      offset = Math.max(offset, roundUp(offsets[rival]! + buffers[rival]!.bytes, alignment))
    }
    offsets[index] = offset
    bytes = Math.max(bytes, offset + buffer.bytes)
    for (const call of calls) placedAt.set(call, [...(placedAt.get(call) ?? []), index])
  }
  return { offsets, bytes: roundUp(bytes, alignment) }
}
