import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { backends, opened } from '../../state/model.js'
import { download } from '../../view/download.js'
import { bytes, milliseconds } from '../../view/numbers.js'
import { type Lane, median, toJson, toPicture } from './results.js'

/** Enough for a median; plain JavaScript takes half a second for each. */
const runs = 15
const runsOfSlow = 3

const peer = { id: 'onnxruntime-web', title: 'ONNX Runtime Web, 1 thread' } as const

/** Of the file that the peer downloads; put in by the build. */
declare const __PEER_BYTES__: number

function LaneRow({ lane, fastest }: { readonly lane: Lane; readonly fastest: number }): JSX.Element {
  const middle = median(lane.times)
  const said = {
    waiting: 'waits',
    running: lane.times.length === 0 ? 'getting ready…' : milliseconds(middle),
    done: milliseconds(middle),
    failed: 'failed',
  }[lane.state]
  return (
    <li data-state={lane.state}>
      <span class="label">{lane.title}</span>
      <span class="value">{said}</span>
      <span class="track" aria-hidden="true">
        <span style={{ transform: `scaleX(${Number.isNaN(middle) ? 0 : fastest / middle})` }} />
      </span>
      <span class="note">
        {lane.state === 'failed' ? lane.message : lane.device}
        {lane.times.length > 0 && ` · ${lane.times.length} runs, ${(1000 / middle).toFixed(1)} pictures a second`}
      </span>
    </li>
  )
}

/** Every backend that is here, one after the other, on the loaded network. */
export function Race(): JSX.Element {
  const [lanes, setLanes] = useState<readonly Lane[]>([])
  const [running, setRunning] = useState(false)
  const [withPeer, setWithPeer] = useState(false)
  const model = opened.value
  const available = backends.value.filter(({ availability }) => availability.available)
  const racers: readonly Pick<Lane, 'id' | 'title'>[] = withPeer ? [...available, peer] : available
  const fastest = Math.min(...lanes.map(({ times }) => median(times)).filter((value) => !Number.isNaN(value)))
  const name = model === null ? '' : model.network.source.file.replace(/^.*\//, '')

  async function race(): Promise<void> {
    setRunning(true)
    let now: readonly Lane[] = racers.map(({ id, title }) => ({
      id,
      title,
      state: 'waiting',
      times: [],
      device: '',
      message: '',
    }))
    const change = (id: string, to: (lane: Lane) => Lane): void => {
      now = now.map((lane) => (lane.id === id ? to(lane) : lane))
      setLanes(now)
    }
    for (const { id } of now) {
      change(id, (lane) => ({ ...lane, state: 'running' }))
      try {
        const { device } = await ask('race.run', [id, id === 'tfjs-cpu' ? runsOfSlow : runs], {
          report: (time) => change(id, (lane) => ({ ...lane, times: [...lane.times, time] })),
        })
        change(id, (lane) => ({ ...lane, state: 'done', device }))
      } catch (error) {
        change(id, (lane) => ({ ...lane, state: 'failed', message: error instanceof Error ? error.message : String(error) }))
      }
    }
    setRunning(false)
  }

  const finished = !running && lanes.some(({ state }) => state === 'done')
  return (
    <section aria-labelledby="race-title">
      <h1 id="race-title">Race</h1>
      <p class="lead">
        The loaded network on every backend that can run here, one after the other: one picture at a time, {runs} runs each after a
        first one that does not count ({runsOfSlow} in plain JavaScript). The bar is pictures a second, by the median; longer is
        faster.
      </p>
      <div class="card">
        <div class="actions first">
          <button type="button" class="primary" disabled={running || model === null} onClick={() => void race()}>
            {running ? 'Racing…' : 'Start the race'}
          </button>
          <button
            type="button"
            disabled={!finished}
            onClick={() => download(new Blob([toJson(lanes, name)], { type: 'application/json' }), 'mobilenetv2-race.json')}
          >
            Save as JSON
          </button>
          <button
            type="button"
            disabled={!finished}
            onClick={() =>
              void attempt('The picture was not drawn.', async () => download(await toPicture(lanes, name), 'mobilenetv2-race.png'))
            }
          >
            Save as picture
          </button>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={withPeer}
            disabled={running}
            onChange={({ currentTarget }) => setWithPeer(currentTarget.checked)}
          />
          Against ONNX Runtime Web too (downloads {bytes(__PEER_BYTES__)} from this site first)
        </label>
        {lanes.length === 0 ? (
          <p class="quiet">On the line: {racers.map(({ title }) => title).join(' · ')}.</p>
        ) : (
          <ol class="answers lanes" aria-live="polite" aria-busy={running}>
            {lanes.map((lane) => (
              <LaneRow key={lane.id} lane={lane} fastest={fastest} />
            ))}
          </ol>
        )}
        {finished && (
          <p class="quiet">
            Figures of this machine, in this browser, with all that it does besides. For careful ones, with more libraries, see the
            project's bench.
          </p>
        )}
      </div>
    </section>
  )
}
