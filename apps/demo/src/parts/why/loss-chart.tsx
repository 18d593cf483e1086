import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { percent } from '../../view/numbers.js'
import { fewest, type LossAt, lossCurve, matrices, most } from './loss-curve.js'
import { lost, spiral, thereAndBack } from './spiral.js'
import { dimensionsNow, seedNow } from './spiral-story.js'
import { chosenDimensions, toldDimensions } from './state.js'

/** The curve; it grows while it is worked out. */
function useCurve(): readonly LossAt[] {
  const [curve, setCurve] = useState<readonly LossAt[]>([])
  useEffect(() => {
    let wanted = true
    void (async () => {
      const found: LossAt[] = []
      for await (const point of lossCurve()) {
        if (!wanted) return
        found.push(point)
        // Not for each point, because drawing takes time too.
        if (found.length % 7 === 0) setCurve([...found])
      }
    })()
    return () => {
      wanted = false
    }
  }, [])
  return curve
}

/** The loss of one matrix for each number of dimensions; it is worked out once for a seed. */
function useSeed(seed: number): readonly number[] {
  const [values, setValues] = useState<readonly number[]>([])
  useEffect(() => {
    let wanted = true
    // After the drawing of the button that was pressed.
    setTimeout(() => {
      if (!wanted) return
      const sparse = spiral.filter((_, index) => index % 4 === 0)
      setValues(
        Array.from({ length: most - fewest + 1 }, (_, index) => lost(sparse, thereAndBack(sparse, fewest + index, seed, true))),
      )
    })
    return () => {
      wanted = false
    }
  }, [seed])
  return values
}

const [width, height, left, bottom] = [640, 300, 62, 34]
const x = (n: number): number => left + ((n - fewest) / (most - fewest)) * (width - left - 12)
const y = (loss: number): number => 10 + (1 - loss / 0.8) * (height - bottom - 10)
const path = (points: readonly (readonly [n: number, loss: number])[]): string =>
  points.map(([n, loss], index) => `${index === 0 ? 'M' : 'L'}${x(n).toFixed(1)} ${y(loss).toFixed(1)}`).join('')

/** The loss over the number of dimensions: its mean, the band of most matrices, and the matrix of the plot above. */
export function LossChart(): JSX.Element {
  const curve = useCurve()
  const seed = seedNow()
  const own = useSeed(seed)
  const n = dimensionsNow() ?? toldDimensions.value
  const here = curve.find((point) => point.n === n)
  const band = [
    ...curve.map(({ n: at, high }) => [at, high] as const),
    ...curve.toReversed().map(({ n: at, low }) => [at, low] as const),
  ]
  return (
    <figure class="loss">
      <div class="loss-area">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label="Mean loss of the spiral over the number of dimensions: it falls"
        >
          {[0, 0.2, 0.4, 0.6, 0.8].map((loss) => (
            <g key={loss}>
              <path class="grid" d={`M${left} ${y(loss)}H${width - 12}`} />
              <text x={left - 8} y={y(loss) + 4} text-anchor="end">
                {100 * loss} %
              </text>
            </g>
          ))}
          {[2, 10, 20, 30, 40, 50].map((at) => (
            <text key={at} x={x(at)} y={height - 10} text-anchor="middle">
              {at}
            </text>
          ))}
          {curve.length > 1 && <path class="band" d={`${path(band)}Z`} />}
          {own.length > 0 && <path class="own" d={path(own.map((loss, index) => [fewest + index, loss]))} />}
          {curve.length > 1 && <path class="mean" d={path(curve.map(({ n: at, mean }) => [at, mean]))} />}
          <path class="now" d={`M${x(n)} 10V${height - bottom}`} />
          {own[n - fewest] !== undefined && <circle class="own-now" cx={x(n)} cy={y(own[n - fewest]!)} r="5" />}
        </svg>
        <input
          type="range"
          aria-label="Dimensions, on the curve"
          style={{ left: `${(100 * left) / width}%`, right: `${1200 / width}%` }}
          min={fewest}
          max={most}
          value={n}
          onInput={({ currentTarget }) => (chosenDimensions.value = currentTarget.value)}
        />
      </div>
      <figcaption>
        <span class="key mean">mean of {matrices} matrices</span>
        <span class="key band">four fifths of them</span>
        <span class="key own">the matrix above (seed {seed})</span>
        <span class="number">
          n = {n}: {here === undefined ? '…' : `${percent(here.mean)} on average, ${percent(here.low)} to ${percent(here.high)}`}
        </span>
      </figcaption>
    </figure>
  )
}
