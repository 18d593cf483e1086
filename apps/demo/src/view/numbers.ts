/** A count as people read it: 3,504,872. */
export const count = (value: number): string => value.toLocaleString('en-US')

/** Bytes in megabytes; fewer than a million in kilobytes. */
export function bytes(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(2)} MB` : `${(value / 1e3).toFixed(1)} kB`
}

/** A count in thousands or millions. */
export function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e8 ? 0 : 1)} M`
  return value >= 1e3 ? `${(value / 1e3).toFixed(value >= 1e5 ? 0 : 1)} k` : String(value)
}

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
