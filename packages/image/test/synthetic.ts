import type { Picture } from '../src/picture.js'

export type Pattern = 'noise' | 'steps'

function level(pattern: Pattern, x: number, y: number, channel: number): number {
  if (pattern === 'steps') return ((x >> 2) + (y >> 1) + channel) % 2 === 0 ? 0 : 255
  const hash = Math.imul(x + 1, 73_856_093) ^ Math.imul(y + 1, 19_349_663) ^ Math.imul(channel + 1, 83_492_791)
  return ((hash >>> 8) ^ (hash >>> 17)) & 255
}

/** The RGB picture that goldens/synthetic.py draws from the same integer formula: noise, or hard edges. */
export function synthetic(pattern: Pattern, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    data[i] = level(pattern, pixel % width, Math.floor(pixel / width), i % 3)
  }
  return { data, width, height, channels: 3 }
}

/** A picture of one colour. */
export function constant(width: number, height: number, levels: readonly number[]): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => levels[i % 3]!)
  return { data, width, height, channels: 3 }
}

/** The picture as RGBA. */
export function withAlpha({ data, width, height }: Picture): Picture {
  const pixels = width * height
  const rgba = Uint8ClampedArray.from({ length: pixels * 4 }, (_, i) => (i % 4 === 3 ? 7 : data[Math.floor(i / 4) * 3 + (i % 4)]!))
  return { data: rgba, width, height, channels: 4 }
}
