import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { percent } from '../../view/numbers.js'
import { drawMap } from '../inside/draw.js'
import { PictureRow } from '../inside/picture-row.js'
import { chosenBlock } from '../inside/state.js'
import { useAsked } from '../inside/use-asked.js'
import type { End, NarrowAndWide } from './engine.js'

/** The least number of places for each channel: a linear map of many channels can only be fitted to more places than channels. */
const fewestPlaces = 2

/** The blocks of the loaded network that have an expansion behind a linear layer, and enough places. */
function blocksOf(model: NonNullable<typeof opened.value>): number[] {
  const { layers } = model.network.architecture
  return layers.flatMap((layer, at) => {
    const before = layers[at - 1]
    if (layer.block === null || !layer.id.endsWith('.expand') || layer.activation !== 'relu6' || before?.activation !== 'linear')
      return []
    const { height, width, channels } = layer.output
    return (height * width) / 2 >= fewestPlaces * channels ? [layer.block] : []
  })
}

const [width, height] = [300, 90]

function Histogram({ end }: { readonly end: End }): JSX.Element {
  const { histogram, low, high } = end
  const step = (high - low || 1) / histogram.length
  // By the root, as most values are near zero.
  const most = Math.sqrt(Math.max(...histogram))
  const x = (value: number): number => ((value - low) / (high - low || 1)) * width
  return (
    <svg class="histogram" viewBox={`0 0 ${width} ${height + 16}`} aria-hidden="true">
      {histogram.map((number, index) => {
        const middle = low + (index + 0.5) * step
        const tall = (Math.sqrt(number) / most) * height
        return (
          <rect
            key={index}
            class={middle < 0 || middle > 6 ? 'cut' : 'kept'}
            x={(index * width) / histogram.length}
            y={height - tall}
            width={width / histogram.length - 0.8}
            height={tall}
          />
        )
      })}
      <path class="zero" d={`M${x(0)} 0V${height}`} />
      <text x={x(0)} y={height + 13} text-anchor="middle">
        0
      </text>
      {high > 6 && (
        <text x={x(6)} y={height + 13} text-anchor="middle">
          6
        </text>
      )}
    </svg>
  )
}

function OneEnd({
  end,
  title,
  text,
  loss,
}: {
  readonly end: End
  readonly title: string
  readonly text: string
  readonly loss: string
}): JSX.Element {
  return (
    <div class="end">
      <h3>{title}</h3>
      <Histogram end={end} />
      <p>
        {text} <strong>{percent(end.below)}</strong> of its values are below zero
        {end.above > 0.0005 && `, and ${percent(end.above)} above 6`}.
      </p>
      <p class="loses">
        <strong class="number">{percent(end.lost)}</strong> {loss}
        <span class="track" aria-hidden="true">
          <span style={{ transform: `scaleX(${end.lost})` }} />
        </span>
      </p>
    </div>
  )
}

function Pair({ found, index }: { readonly found: NarrowAndWide; readonly index: number }): JSX.Element {
  const [one, other] = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)]
  const map = found.maps[index]!
  useEffect(() => {
    const { height: rows, width: columns } = found
    const [low, high] = [map.before.reduce((a, b) => Math.min(a, b)), map.before.reduce((a, b) => Math.max(a, b))]
    // Both maps are drawn by the range of the map before ReLU6, so that what is cut is seen to be missing.
    const range = { index: 0, low, high, mean: 0, strength: 0, zeros: 0 }
    drawMap(one.current!, { values: map.before, height: rows, width: columns, channels: 1 }, range)
    drawMap(other.current!, { values: map.after, height: rows, width: columns, channels: 1 }, range)
  }, [found, index])
  return (
    <li>
      <canvas ref={one} class="map" role="img" aria-label={`Channel ${map.index} before ReLU6`} />
      <canvas ref={other} class="map" role="img" aria-label={`Channel ${map.index} after ReLU6`} />
      <span>channel {map.index}</span>
    </li>
  )
}

/** The same as with the spiral, in the loaded network: what ReLU6 does where a block is wide, and would do where it is narrow. */
export function OwnChannels(): JSX.Element {
  const model = opened.value
  const chosen = picture.value
  const blocks = model === null ? [] : blocksOf(model)
  const block = blocks.find((each) => String(each) === chosenBlock.value) ?? blocks[Math.min(1, blocks.length - 1)]
  const found = useAsked(
    'The channels of this block cannot be shown.',
    chosen === null || model === null || block === undefined
      ? null
      : (signal) => ask('why.narrowAndWide', [chosen.file, block], { signal }),
    [chosen, model, block],
  )
  return (
    <section class="own-channels" aria-labelledby="own-title">
      <h2 id="own-title">The same in the network that is loaded here</h2>
      {model !== null && blocks.length === 0 ? (
        <p>
          The loaded network has no inverted residuals with ReLU6 on a map that is large enough. Load a MobileNetV2 to see its
          channels before and after ReLU6.
        </p>
      ) : (
        <>
          <p>
            Now the weights are trained, and the input is a picture. If a ReLU6 stood at the narrow end of the block, could a linear
            layer still restore what came in? And can it do so after the ReLU6 in the wide middle?
          </p>
          <PictureRow />
          <fieldset class="segments">
            <legend>Block</legend>
            {blocks.map((each) => (
              <label key={each}>
                <input type="radio" name="own-block" checked={each === block} onChange={() => (chosenBlock.value = String(each))} />
                <span>{each}</span>
              </label>
            ))}
          </fieldset>
          <div class="ends" aria-busy={found === null}>
            {found === null ? (
              <p class="quiet">Running the network up to this block…</p>
            ) : (
              <>
                <OneEnd
                  end={found.narrow}
                  title={`Narrow: ${found.narrow.channels} channels`}
                  text="Here the network has no ReLU6. One would cut what is grey:"
                  loss="would be lost for good"
                />
                <OneEnd
                  end={found.wide}
                  title={`Wide: ${found.wide.channels} channels`}
                  text="Here the network has its ReLU6, which cuts what is grey:"
                  loss="is lost for good"
                />
              </>
            )}
          </div>
          {found !== null && (
            <>
              <h3>Channels of the wide middle, before and after ReLU6</h3>
              <ul class="pairs">
                {found.maps.map(({ index }, place) => (
                  <Pair key={index} found={found} index={place} />
                ))}
              </ul>
              <p class="quiet">
                “Lost for good” is measured as with the spiral: what the best linear layer misses, fitted on half of the{' '}
                {found.height} × {found.width} places and measured on the other half.
              </p>
            </>
          )}
        </>
      )}
    </section>
  )
}
