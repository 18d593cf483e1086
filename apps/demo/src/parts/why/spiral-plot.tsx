import type { JSX } from 'preact'
import type { Point } from './spiral.js'

/** Points that share a colour. */
const run = 10

interface PlotProps {
  readonly points: readonly Point[]
  /** What lies faintly behind; null if nothing does. */
  readonly behind: readonly Point[] | null
  readonly title: string
}

/** Places of the points in a square of 100, scaled to fill it. */
function placed(points: readonly Point[]): string[] {
  const extent = points.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 1e-9)
  return points.map(([x, y]) => `${((x / extent) * 44 + 50).toFixed(2)},${(50 - (y / extent) * 44).toFixed(2)}`)
}

/** Points joined in their order, from blue at the first to red at the last. */
export function SpiralPlot({ points, behind, title }: PlotProps): JSX.Element {
  const places = placed(points)
  const starts = Array.from({ length: Math.ceil((points.length - 1) / run) }, (_, index) => index * run)
  return (
    <svg class="spiral" viewBox="0 0 100 100" role="img" aria-label={title}>
      {behind !== null && <polyline class="behind" points={placed(behind).join(' ')} />}
      {starts.map((start) => (
        <polyline
          key={start}
          points={places.slice(start, start + run + 1).join(' ')}
          style={{ stroke: `hsl(${240 + (120 * start) / points.length} 75% 58%)` }}
        />
      ))}
    </svg>
  )
}
