/** A tensor that must be kept from the step that writes it to the last step that reads it. */
export interface Tensor {
  readonly bytes: number
  readonly firstStep: number
  readonly lastStep: number
}

/**
 * Gives each tensor a slot: a buffer that it shares with tensors that are needed at other times. It takes the smallest free slot that is
 * large enough, else the largest free slot, which grows. No step writes to a slot that it reads.
 * @returns each tensor's slot, and each slot's bytes
 */
export function assignSlots(tensors: readonly Tensor[]): { slotOf: number[]; bytes: number[] } {
  const bytes: number[] = []
  const freeFrom: number[] = []
  const slotOf = tensors.map((tensor) => {
    const free = bytes.map((_, slot) => slot).filter((slot) => freeFrom[slot]! <= tensor.firstStep)
    free.sort((a, b) => bytes[a]! - bytes[b]!)
    const slot = free.find((candidate) => bytes[candidate]! >= tensor.bytes) ?? free.at(-1) ?? bytes.length
    bytes[slot] = Math.max(bytes[slot] ?? 0, tensor.bytes)
    freeFrom[slot] = tensor.lastStep + 1
    return slot
  })
  return { slotOf, bytes }
}
