// This file is imported lazily, because the Blobs of current engines are streams.
import type { UnsharedBytes } from '@mobilenetv2/spec'

/** Reads a Blob that has no `stream`, such as one of jsdom. It rejects if the Blob cannot be read. */
export async function readPlainBlob(blob: Blob): Promise<UnsharedBytes> {
  if (typeof blob.arrayBuffer === 'function') return new Uint8Array(await blob.arrayBuffer())
  if (typeof FileReader === 'undefined') {
    throw new TypeError('this engine has neither Blob.stream nor Blob.arrayBuffer nor FileReader')
  }
  const reader = new FileReader()
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(new Uint8Array(reader.result as ArrayBuffer))
    reader.onerror = () => reject(reader.error)
    reader.readAsArrayBuffer(blob)
  })
}
