import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { backends, chooseBackend, chosenBackend, findBackends, opened } from '../../state/model.js'
import { UseThis } from '../../view/code.js'
import { loadCode } from '../../view/load-code.js'
import { modelName } from '../../view/model-name.js'
import { bytes } from '../../view/numbers.js'
import { LaneRow } from './lane-row.js'
import { laneSpread, margin, type Outcome, outcomeOf, ranked } from './lanes.js'
import { type RacerId, racerName } from './racers.js'
import { rounds, secondsAtMost } from './runs.js'
import { Share } from './share.js'
import { SortedList } from './sorted-list.js'
import { isUnderWay, lanes, phase, pinned, race, racersNow, stop, waitingLane, withPeer } from './state.js'
import './style.css'

/** The bytes of the file that ONNX Runtime Web downloads; put in by the build. */
declare const __PEER_BYTES__: number

/** How the winner's backend is asked for in a program; null for libraries that are no backends. */
const optionsOf: Readonly<Partial<Record<RacerId, string>>> = {
  'wasm-1': "{ backend: 'wasm', threads: 1 }",
  'wasm-n': "{ backend: 'wasm' }",
  webgpu: "{ backend: 'webgpu' }",
}

function Progress(): JSX.Element {
  const now = phase.value
  switch (now.kind) {
    case 'none':
      return racersNow().length === 0 ? (
        <p class="quiet">Finding what can run here…</p>
      ) : (
        <p>
          {racersNow().length} engines are on the line. Each runs the network up to {rounds} times, in turn; the fastest gets the
          longest bar, and rises to the top.
        </p>
      )
    case 'getting ready':
      return <p class="quiet">Getting ready: {now.racer}…</p>
    case 'running':
      return (
        <p class="quiet">
          Round {now.round} of {rounds}, with {pinned.value?.model}.
        </p>
      )
    case 'over':
      return (
        <p class="quiet">
          {now.stopped ? 'The race was stopped' : 'The race is over'}. Its model was {pinned.value?.model}.
        </p>
      )
    default:
      return now satisfies never
  }
}

/** Who won or leads, or which two are too close to say. */
function titleOf({ winner, tiedWith }: Outcome, stopped: boolean): string {
  if (tiedWith !== null) return `Too close to call: ${racerName(winner.id)} and ${racerName(tiedWith.id)}`
  return `${racerName(winner.id)} ${stopped ? 'leads' : 'wins'}`
}

/** Who won, and by how much. It is said once, when the race is over. */
function Winner({ outcome }: { readonly outcome: Outcome | null }): JSX.Element {
  const won = outcome === null ? '' : margin(outcome)
  return (
    <div role="status" class={outcome === null ? 'unseen' : 'winner'}>
      {outcome !== null && (
        <>
          <p class="winner-name">{titleOf(outcome, phase.value.kind === 'over' && phase.value.stopped)}</p>
          <p class="winner-margin">{won === '' ? `${laneSpread(outcome.winner)!.median.toFixed(1)} ms a picture` : won}</p>
        </>
      )}
    </div>
  )
}

/** Makes the winner the backend of all parts, if it is a backend of this site and not in use. */
function UseWinner({ id }: { readonly id: RacerId }): JSX.Element | null {
  const backend = backends.value.find((each) => each.id === id)
  if (backend === undefined || backend.id === chosenBackend.value) return null
  return (
    <button type="button" onClick={() => void chooseBackend(backend.id)}>
      Use {backend.title} on this site
    </button>
  )
}

function codeNow(winner: RacerId | undefined): string {
  const options = winner === undefined ? undefined : optionsOf[winner]
  const line =
    options === undefined
      ? `const model = await ${loadCode("{ backend: 'auto' }")}   // times the backends, and takes the fastest`
      : `const model = await ${loadCode(options)}   // the winner`
  return `import { load } from 'mobilenetv2'

${line}
const { milliseconds } = await model.classify(document.querySelector('img'), { detailed: true })
console.log(model.device, milliseconds.network)`
}

/** Every way to run the loaded network, side by side. */
export function Race(): JSX.Element {
  useEffect(findBackends, [])
  const underWay = isUnderWay()
  const over = phase.value.kind === 'over'
  const order = phase.value.kind === 'none' ? racersNow().map(waitingLane) : ranked(lanes.value)
  const fastest = Math.min(...lanes.value.flatMap((lane) => (lane.state === 'failed' ? [] : (laneSpread(lane)?.median ?? []))))
  const outcome = over ? outcomeOf(lanes.value) : null
  const winner = outcome?.winner.id
  return (
    <section class="race" aria-labelledby="race-title">
      <h1 id="race-title">Race</h1>
      <p class="lead">
        One network, one picture at a time, every engine that runs in this browser. Which is the fastest on your machine?
      </p>
      <div class="actions">
        {underWay ? (
          <button type="button" class="primary" onClick={stop}>
            Stop the race
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={opened.value === null || backends.value.length === 0}
            onClick={() => void race()}
          >
            {over ? 'Race again' : 'Start the race'}
          </button>
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={withPeer.value}
            disabled={underWay}
            onChange={({ currentTarget }) => {
              withPeer.value = currentTarget.checked
            }}
          />
          ONNX Runtime Web too (a download of {bytes(__PEER_BYTES__)} from this site)
        </label>
      </div>
      <Progress />
      {underWay && opened.value !== null && modelName() !== pinned.value?.model && (
        <p>The race goes on with the model that it began with; {modelName()} is for the next one.</p>
      )}
      <Winner outcome={outcome} />
      {winner !== undefined && <UseWinner id={winner} />}
      {order.length > 0 && (
        <SortedList class="lanes" aria-busy={underWay} aria-label="Lanes, the fastest first">
          {order.map((lane) => (
            <LaneRow key={lane.id} lane={lane} fastest={fastest} isWinner={lane.id === winner && outcome?.tiedWith === null} />
          ))}
        </SortedList>
      )}
      {over && pinned.value !== null && winner !== undefined && <Share lanes={lanes.value} pinned={pinned.value} />}
      <details class="how">
        <summary>How it is measured</summary>
        <p>
          Each engine gets the same network and runs it once before the start. Then all run in turn, one picture a round, for{' '}
          {rounds} rounds; a slow engine stops after {secondsAtMost} seconds of running. The figure is the median. A bar is pictures
          a second, and the line on it is the middle half of the runs. Other work on the machine makes figures worse.
        </p>
      </details>
      <UseThis code={codeNow(winner)} page="backends.md" about="The backends, and how the fastest is chosen" />
    </section>
  )
}
