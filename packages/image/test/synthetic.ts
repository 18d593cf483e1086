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
