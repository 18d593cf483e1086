import type { UnsharedBytes } from '@mobilenetv2/spec'
/** A file with a part of a model's weights. */
export interface TfjsShard {
  /** The name of the file, which the manifest states. */
  name: string
  /** The content of the file. */
  bytes: UnsharedBytes
}

/** The largest size of a file. It is that of TensorFlow.js's converter, which lets browsers cache each file (`write_weights.py`). */
const shardBytes = 4 * 1024 * 1024

/**
 * Cuts weights into files of at most 4 MiB. The weights follow each other without gaps.
 * @param prefix the beginning of the names of the files
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
