import type { JSX } from 'preact'
import { type Lane, laneSpread } from './lanes.js'
import { ownLibrary, racers } from './racers.js'

interface LaneRowProps {
  readonly lane: Lane
  /** Milliseconds for which a bar is as long as the row. */
  readonly fastest: number
  readonly isWinner: boolean
}

const waitingText: Readonly<Record<Lane['state'], string>> = {
  waiting: 'on the line',
  starting: 'gets ready…',
  running: 'ready',
  done: '',
  failed: 'out',
}

const figure = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 100 ? 1 : 0)

/** One racer: its speed as a bar, and the middle half of its runs as a line on it. */
export function LaneRow({ lane, fastest, isWinner }: LaneRowProps): JSX.Element {
  const { library, on, about } = racers[lane.id]
  const spread = laneSpread(lane)
  const share = (milliseconds: number): number => Math.min(1, fastest / milliseconds)
  return (
    <li data-row={lane.id} data-state={lane.state} data-own={library === ownLibrary} data-winner={isWinner}>
      <span class="lane-name">
        <strong>{library}</strong> <span class="quiet">{on}</span>
        {isWinner && <span class="crown">winner</span>}
      </span>
      <span class="value">{spread === null ? waitingText[lane.state] : `${figure(spread.median)} ms`}</span>
      <span class="lane-track" aria-hidden="true">
        {spread !== null && (
          <>
            <span class="lane-bar" style={{ transform: `scaleX(${share(spread.median)})` }} />
            <span
              class="lane-spread"
              style={{ left: `${100 * share(spread.high)}%`, width: `${100 * (share(spread.low) - share(spread.high))}%` }}
            />
          </>
        )}
      </span>
      <span class="lane-note">
        {lane.state !== 'failed' && spread === null && about}
        {lane.state === 'failed' && lane.message.split('\n')[0]}
        {lane.state !== 'failed' && spread !== null && (
          <>
            {(1000 / spread.median).toFixed(spread.median < 100 ? 0 : 1)} pictures a second.{' '}
            {lane.times.length > 1 && `Half of ${lane.times.length} runs took ${figure(spread.low)} to ${figure(spread.high)} ms.`}
          </>
        )}
      </span>
    </li>
  )
}
