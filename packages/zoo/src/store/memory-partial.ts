import { sha256Of } from './sha256.js'
import type { FileRecord, PartialFile, Validator } from './store.js'

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** A partial file in memory, for stores without a file system. It can be resumed until its download gives up. */
export function createMemoryPartial(store: (bytes: Uint8Array<ArrayBuffer>, record: FileRecord) => Promise<void>): PartialFile {
  let chunks: Uint8Array[] = []
  let length = 0
  let validator: Validator | null = null
  return {
    get length() {
      return length
    },
    get validator() {
      return validator
    },
    async restart(next) {
      chunks = []
      length = 0
      validator = next
    },
    async append(chunk) {
      chunks.push(chunk)
      length += chunk.length
    },
    sha256: () => sha256Of(joined(chunks, length)),
    commit: (record) => store(joined(chunks, length), record),
    async release() {
      chunks = []
      length = 0
    },
  }
}
