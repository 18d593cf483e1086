/** Milliseconds with about three significant digits. */
export function milliseconds(value: number | null): string {
  if (value === null) return '–'
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`
}

/** A number of bytes with SI prefixes: 1 kB is 1000 bytes. */
export function bytes(value: number | null): string {
  if (value === null) return '–'
  if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e5 ? 1 : 0)} kB`
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`
}

export function ratio(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value < 10 ? 2 : 0)} x`
}

export function percent(value: number | null): string {
  return value === null ? '–' : `${Math.round(value * 100)} %`
}

/** `1 thread`, `2 threads`. */
export function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`
}

/** A width multiplier as the paper writes it: 1.0, 0.35. */
export function multiplier(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
