import type { JSX } from 'preact'
import type { Point } from './spiral.js'

/** Points that share a colour. */
const run = 10

/** Points joined in their order, from blue at the first to red at the last, scaled to fill the square. */
export function Plot({ points, title }: { readonly points: readonly Point[]; readonly title: string }): JSX.Element {
  const extent = points.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 1e-9)
  const place = ([x, y]: Point): string => `${((x / extent) * 46 + 50).toFixed(2)},${(50 - (y / extent) * 46).toFixed(2)}`
  const starts = Array.from({ length: Math.ceil((points.length - 1) / run) }, (_, index) => index * run)
  return (
    <svg class="plot" viewBox="0 0 100 100" role="img" aria-label={title}>
      {starts.map((start) => (
        <polyline
          key={start}
          points={points
            .slice(start, start + run + 1)
            .map(place)
            .join(' ')}
          style={{ stroke: `hsl(${240 + (120 * start) / points.length} 75% 58%)` }}
        />
      ))}
    </svg>
  )
}
