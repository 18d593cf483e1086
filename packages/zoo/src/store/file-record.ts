import type { FileRecord } from './store.js'

/** Reads the record of a file from JSON; `broken` if the text is not a record of this file. */
export function parseRecord(name: string, text: string): FileRecord | 'broken' {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'broken'
  }
  const { bytes, sha256, url, ...rest } = Object(value) as { readonly [Name in keyof FileRecord]?: unknown }
  const sound =
    rest.name === name &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof url === 'string'
  return sound ? { name, bytes: Number(bytes), sha256, url } : 'broken'
}
