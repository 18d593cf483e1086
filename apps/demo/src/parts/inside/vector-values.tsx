import type { JSX } from 'preact'
import type { Maps } from './engine.js'

/** Values that are listed. */
const listed = 12

interface VectorProps {
  readonly maps: Maps | null
  /** Whether each value is the average or the maximum of a map. */
  readonly isPool: boolean
  /** Shows the maps before the pool; null if there are none. */
  readonly onMaps: (() => void) | null
}

/** The values of a layer with one position, the greatest first. */
export function VectorValues({ maps, isPool, onMaps }: VectorProps): JSX.Element {
  if (maps === null) return <p class="quiet">Running the network up to this layer…</p>
  const { sorted, channels } = maps
  const most = Math.max(...sorted.slice(0, listed).map(({ strength }) => strength), 1e-9)
  const silent = sorted.filter(({ strength }) => strength === 0).length
  return (
    <div class="vector-values">
      <p>
        {channels} values{isPool && ': each stands for one map before'}.{' '}
        {silent > 0 && `${silent} of them are 0 for this picture. `}The list shows the greatest.{' '}
        {isPool && (
          <>
            In a program, <code>embed</code> gives all of them.
          </>
        )}
      </p>
      <ol>
        {sorted.slice(0, listed).map(({ index, mean, strength }) => (
          <li key={index}>
            <span>Channel {index}</span>
            <span class="track" aria-hidden="true">
              <span style={{ transform: `scaleX(${strength / most})` }} />
            </span>
            <span class="number">{mean.toFixed(2).replace('-', '−')}</span>
          </li>
        ))}
      </ol>
      {onMaps !== null && (
        <button type="button" onClick={onMaps}>
          See the maps before
        </button>
      )}
    </div>
  )
}
