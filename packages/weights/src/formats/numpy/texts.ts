import { type Budget, bytesPerValue } from '../budget.js'

/** The types of texts in NumPy, whose elements have the length of the longest text: UTF-32 in little-endian order, or bytes. */
const textType = /^[<|=]?([US])(\d+)$/

/**
 * The texts of an array of NumPy.
 * @returns null if its type is not a text, or there are too few `bytes`
 */
export function textsOf(type: string, count: number, bytes: Uint8Array, budget: Budget): string[] | null {
  const [, kind, length] = textType.exec(type) ?? []
  if (kind === undefined) return null
  const wide = kind === 'U'
  const size = Number(length) * (wide ? 4 : 1)
  if (!(count * size <= bytes.length)) return null
  budget.items(count, 'an array of texts')
  budget.take(count * (bytesPerValue + size), 'an array of texts')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const textAt = (start: number): string => {
    if (!wide) return new TextDecoder().decode(bytes.subarray(start, start + size)).replace(/\0+$/, '')
    let text = ''
    for (let at = start; at < start + size; at += 4) {
      const point = view.getUint32(at, true)
      if (point === 0 || point > 0x10ffff) break
      text += String.fromCodePoint(point)
    }
    return text
  }
  return Array.from({ length: count }, (_, index) => textAt(index * size))
}
