import type { UnsharedBytes } from '@mobilenetv2/spec'
/** A file of a model's weights, in memory of its own. */
export interface TfjsShard {
  /** The file's name beside the model's JSON, as its manifest has it. */
  name: string
  bytes: UnsharedBytes
}

/** The size at which TensorFlow.js's converter cuts, so that browsers cache each file (`write_weights.py`). */
const shardBytes = 4 * 1024 * 1024

/**
 * Cuts weights, one after the other without gaps, into files of at most 4 MiB.
 * @param prefix what the names of the files begin with
 */
export function writeShards(weights: readonly (Float32Array | Int32Array)[], prefix: string): TfjsShard[] {
  const total = weights.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const count = Math.ceil(total / shardBytes)
  const shards = Array.from({ length: count }, (_, index) => ({
    name: `${prefix}group1-shard${index + 1}of${count}.bin`,
    bytes: new Uint8Array(Math.min(shardBytes, total - index * shardBytes)),
  }))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of weights) {
    for (let done = 0; done < byteLength; ) {
      const { bytes } = shards[Math.floor(at / shardBytes)]!
      const start = at % shardBytes
      const length = Math.min(byteLength - done, bytes.length - start)
      bytes.set(new Uint8Array(buffer, byteOffset + done, length), start)
      done += length
      at += length
    }
  }
  return shards
}
