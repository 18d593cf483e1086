import type { Layer } from '@mobilenetv2/spec'
import type { LayerActivation } from 'mobilenetv2'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { busy } from '../../state/busy.js'
import type { Channel } from './channels.js'
import { drawMap, gradient } from './draw.js'
import type { Maps } from './engine.js'
import { Silence } from './silence.js'

/** Maps that are shown at once: with more, each would be too small to see. */
const atOnce = 48

interface MapProps {
  readonly maps: LayerActivation | null
  readonly channel: Channel | undefined
  readonly label?: string
}

/** The map of one channel. */
function ChannelMap({ maps, channel, label }: MapProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (maps !== null && channel !== undefined) drawMap(canvas.current!, maps, channel)
  }, [maps, channel])
  const described = label === undefined ? { 'aria-hidden': true as const } : { role: 'img' as const, 'aria-label': label }
  return <canvas ref={canvas} class="map" width="1" height="1" {...described} />
}

const number = (value: number): string => value.toFixed(2).replace('-', '−')

function Enlarged({ maps, place }: { readonly maps: Maps | null; readonly place: number }): JSX.Element {
  const channel = maps?.sorted[place]
  return (
    <figure class="enlarged">
      <ChannelMap maps={maps} channel={channel} label={`The map of channel ${channel?.index ?? '…'}, enlarged`} />
      <figcaption>
        {channel === undefined ? (
          (busy.value ?? 'Running the network up to this layer…')
        ) : (
          <>
            <strong>Channel {channel.index}</strong>, number {place + 1} by strength
            <span class="legend" style={{ background: gradient }} aria-hidden="true" />
            <span class="legend-ends">
              <span>{number(channel.low)}</span>
              <span>{number(channel.high)}</span>
            </span>
            {channel.zeros > 0 && `${Math.round(100 * channel.zeros)} % of its values are 0.`}
          </>
        )}
      </figcaption>
    </figure>
  )
}

/** The maps of a layer, the strongest first; the one that is pointed at or has the focus is enlarged. */
export function MapGrid({ layer, maps }: { readonly layer: Layer; readonly maps: Maps | null }): JSX.Element {
  const [first, setFirst] = useState(0)
  const [place, setPlace] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    setFirst(0)
    setPlace(0)
  }, [layer.id])
  const { channels, height, width } = layer.output
  const count = Math.min(atOnce, channels - first)
  const turnTo = (start: number): void => {
    setFirst(start)
    setPlace(start)
  }
  const move = (event: KeyboardEvent): void => {
    const columns = getComputedStyle(grid.current!).gridTemplateColumns.split(' ').length
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.max(first, Math.min(first + count - 1, place + step))
    setPlace(next)
    grid.current?.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus()
  }
  return (
    <div class="maps">
      <Enlarged maps={maps} place={place} />
      <div class="maps-all">
        <div ref={grid} class="map-grid" role="listbox" aria-label={`Maps of ${layer.id}, the strongest first`}>
          {Array.from({ length: count }, (_, index) => first + index).map((at) => {
            const channel = maps?.sorted[at]
            const dead = channel !== undefined && maps?.dead.includes(channel.index)
            return (
              <button
                key={at}
                type="button"
                role="option"
                aria-selected={at === place}
                aria-label={channel === undefined ? 'not computed yet' : `Channel ${channel.index}${dead ? ', dead' : ''}`}
                tabIndex={at === place ? 0 : -1}
                data-place={at}
                data-silent={channel?.high === 0 && channel.low === 0}
                onPointerEnter={() => setPlace(at)}
                onFocus={() => setPlace(at)}
                onClick={() => setPlace(at)}
                onKeyDown={move}
              >
                <ChannelMap maps={maps} channel={channel} />
                <span aria-hidden="true">{channel === undefined ? '…' : dead ? `${channel.index} dead` : channel.index}</span>
              </button>
            )
          })}
        </div>
        {channels > atOnce && (
          <p class="turn">
            <button type="button" disabled={first === 0} onClick={() => turnTo(first - atOnce)}>
              Stronger
            </button>
            <span class="number">
              {first + 1} to {first + count} of {channels}
            </span>
            <button type="button" disabled={first + count >= channels} onClick={() => turnTo(first + atOnce)}>
              Weaker
            </button>
          </p>
        )}
        <p class="quiet">
          {channels} maps of {height} × {width}, the strongest first: those whose values differ most across the picture. The number
          under a map is that of its channel. The colours of a map go from its least value (dark) to its greatest (light). The
          ribbon shows the strongest map of each block, and its bars show how much each channel finds, row by row.
        </p>
        {maps !== null && <Silence layer={layer} maps={maps} />}
      </div>
    </div>
  )
}
