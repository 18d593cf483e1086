import type { Layer } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { ask } from '../../engine/client.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { bytes, count } from '../../view/numbers.js'
import { ClassValues } from './class-values.js'
import type { ClassValues as Values } from './engine.js'
import { MapGrid } from './map-grid.js'
import type { StageRow } from './rows.js'
import { lastOf, nameInBlock } from './stages.js'
import { chosenBlock, chosenLayer } from './state.js'
import { timesText } from './times-text.js'
import { useAsked } from './use-asked.js'
import { VectorValues } from './vector-values.js'
import './pieces.css'

/** What a layer does, in words. */
const does: Readonly<Record<string, string>> = {
  expand: 'expansion',
  depthwise: 'depthwise',
  project: 'projection',
  pointwise: 'pointwise',
}

/** What a layer of a block does, as a sentence. */
function explain({ id, input, output }: Layer): string | null {
  switch (nameInBlock(id)) {
    case 'expand':
      return 'The expansion makes many channels from few, at each place by itself.'
    case 'depthwise':
      return `The depthwise layer looks at 3 × 3 places, in each channel by itself${output.height < input.height ? ', and halves the maps' : ''}.`
    case 'project':
      return 'The projection mixes many channels into few, at each place by itself.'
    case 'pointwise':
      return 'The pointwise layer mixes the channels, at each place by itself.'
    default:
      return null
  }
}

/** What a stage does, in words. */
function purpose({ stage, layers }: StageRow, background: number | null): string {
  const { input, kind } = stage.layers[0]!
  const { output } = lastOf(stage)
  const channels = [input.channels, ...layers.map(({ layer }) => layer.output.channels)].join(' → ')
  const smaller =
    output.height < input.height
      ? `from ${input.height} × ${input.width} to ${output.height} × ${output.width}`
      : `at ${output.height} × ${output.width}`
  switch (stage.key) {
    case 'stem':
      return `A convolution, which is a weighted sum over 3 × 3 pixels, turns red, green and blue into ${output.channels} channels, and halves the picture.`
    case 'head':
      return `The last maps: ${output.channels} channels, each a mixture of the ${input.channels} before, at ${output.height} × ${output.width} places.`
    case 'pool':
      return `Each of the ${output.channels} maps becomes one number: its ${kind === 'globalMaxPool' ? 'greatest value' : 'average'}. From here on the network no longer knows where things are.`
    case 'classifier':
      return `${input.height * input.width * input.channels} numbers become ${output.channels === 1 ? 'one value' : `${output.channels} values: one for each class`}${background === null ? '' : ', and one for none of them, which is never an answer'}.`
    default:
      return stage.block === null
        ? `${channels} values.`
        : `${channels} channels, ${smaller}${stage.shortcut ? '. A shortcut adds what came in to what comes out.' : '.'}`
  }
}

function LayerSwitch({ row, layer }: { readonly row: StageRow; readonly layer: Layer }): JSX.Element | null {
  if (row.layers.length < 2) return null
  return (
    <fieldset class="segments">
      <legend class="unseen">Layer of the block</legend>
      {row.layers.map(({ layer: each }) => (
        <label key={each.id}>
          <input
            type="radio"
            name="layer"
            checked={each.id === layer.id}
            onChange={() => (chosenLayer.value = each === lastOf(row.stage) ? null : each.id)}
          />
          <span>
            {does[nameInBlock(each.id)] ?? nameInBlock(each.id)} <small>{each.output.channels}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

interface PanelProps {
  readonly row: StageRow
  readonly layer: Layer
  /** What the classifier gives; null until it is known. */
  readonly values: Values | null
}

/** The chosen stage: what it does, what it costs, and what it makes of the picture. */
export function StagePanel({ row, layer, values }: PanelProps): JSX.Element {
  const { stage, costs } = row
  const chosen = picture.value
  const model = opened.value
  const classifies = layer.id === 'classifier'
  const maps = useAsked(
    `What ${layer.id} makes of the picture cannot be shown.`,
    chosen === null || model === null || classifies ? null : (signal) => ask('inside.maps', [chosen.file, layer.id], { signal }),
    [chosen, model, layer.id],
  )
  const hasHead = model?.network.architecture.layers.some(({ id }) => id === 'head') ?? false
  return (
    <section id="stage-panel" class="stage-panel" role="tabpanel" aria-label={stage.title}>
      <div class="stage-about">
        <div>
          <h2>{stage.title}</h2>
          <p>
            {purpose(row, model?.network.classes.background ?? null)} {row.layers.length > 1 && explain(layer)}
          </p>
        </div>
        <LayerSwitch row={row} layer={layer} />
      </div>
      {classifies ? (
        <ClassValues values={values} />
      ) : layer.output.height * layer.output.width === 1 ? (
        <VectorValues
          maps={maps}
          isPool={layer.id === 'pool'}
          onMaps={layer.id === 'pool' && hasHead ? () => (chosenBlock.value = 'head') : null}
        />
      ) : (
        <MapGrid layer={layer} maps={maps} />
      )}
      <dl class="stage-costs">
        <div>
          <dt>Parameters</dt>
          <dd>{count(costs.parameters)}</dd>
        </div>
        <div>
          <dt>Multiply-adds</dt>
          <dd>{count(costs.multiplyAdds)}</dd>
        </div>
        <div>
          <dt>Memory</dt>
          <dd>{bytes(costs.memory)}</dd>
        </div>
        <div>
          <dt>Time</dt>
          <dd>{costs.time === null ? (costs.timedWith === null ? '…' : `with ${costs.timedWith}`) : timesText(costs.time)}</dd>
        </div>
      </dl>
    </section>
  )
}
