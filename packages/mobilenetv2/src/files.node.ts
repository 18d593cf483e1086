import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The bytes of a file; `location` is a path or a `file:` URL. */
export async function readLocal(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  const path = location.startsWith('file:') ? fileURLToPath(location) : location
  const buffer = await readFile(path, signal === undefined ? {} : { signal })
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
