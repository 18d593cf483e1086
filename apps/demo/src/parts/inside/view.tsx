import { totalMultiplyAdds } from '@mobilenetv2/spec'
import type { LayerId } from 'mobilenetv2'
import type { JSX } from 'preact'
import { ask } from '../../engine/client.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { answerTitle } from '../../view/class-name.js'
import { UseThis } from '../../view/code.js'
import { percent } from '../../view/numbers.js'
import { ClassActivation } from './class-activation.js'
import { codeOf } from './code-of.js'
import { Crop } from './crop.js'
import { Designer } from './designer.js'
import { NetworkTable } from './network-table.js'
import { PictureRow } from './picture-row.js'
import { Ribbon } from './ribbon.js'
import { rowsOf } from './rows.js'
import { StagePanel } from './stage-panel.js'
import { chosenOf, stagesOf } from './stages.js'
import { chosenBlock, chosenLayer } from './state.js'
import { timesOfAll } from './times.js'
import { timesText } from './times-text.js'
import { Totals } from './totals.js'
import { useAsked } from './use-asked.js'
import { useGlimpses } from './use-glimpses.js'
import { useRounds } from './use-rounds.js'
import './style.css'

/** The loaded network, stage by stage, and what it makes of the picture. */
function Loaded(): JSX.Element {
  const model = opened.value!
  const chosen = picture.value
  const { architecture } = model.network
  const { stage, layer } = chosenOf(stagesOf(architecture), chosenBlock.value, chosenLayer.value)
  const { glimpses, done } = useGlimpses(chosen, model)
  const rounds = useRounds(model, done)
  const classifies = architecture.layers.at(-1)?.id === 'classifier'
  const values = useAsked(
    'The picture cannot be classified.',
    chosen === null || !classifies ? null : (signal) => ask('inside.classValues', [chosen.file], { signal }),
    [chosen, model],
  )
  const rows = rowsOf(architecture, rounds)
  const whole = timesOfAll(rounds)
  const best = values?.answers[0]
  const panel = (): HTMLElement => document.getElementById('stage-panel')!
  const select = (key: string): void => {
    chosenBlock.value = key
    chosenLayer.value = null
    // On a phone the ribbon stays while the panel scrolls under it: what is chosen is shown from its heading on.
    const room = Number.parseFloat(getComputedStyle(panel()).scrollMarginTop)
    if (panel().getBoundingClientRect().top < room) panel().scrollIntoView()
  }
  const selectLayer = (id: LayerId): void => {
    chosenLayer.value = id
    chosenBlock.value = stagesOf(architecture).find(({ layers }) => layers.some((each) => each.id === id))!.key
    panel().scrollIntoView()
  }
  return (
    <>
      <PictureRow />
      <div class="ribbon-and-panel">
        <Ribbon
          architecture={architecture}
          glimpses={glimpses}
          selected={stage.key}
          onSelect={select}
          picture={<Crop label={`${chosen?.name ?? 'The picture'}, as the network is given it`} />}
          answer={best !== undefined && `${answerTitle(best)} ${percent(best.probability)}`}
        />
        <p class="ribbon-key quiet">
          A bar is what a block gives, to scale: as high as its maps have rows, as wide as it has channels. A channel is one map of
          something that the block looks for. An arc is a shortcut: what goes into the block is added to what comes out.
        </p>
        <StagePanel row={rows.find(({ stage: { key } }) => key === stage.key)!} layer={layer} values={values} />
      </div>
      {classifies && (
        <section aria-labelledby="where-title">
          <h2 id="where-title">Where it looks</h2>
          <ClassActivation answers={values?.answers ?? null} />
        </section>
      )}
      <section aria-labelledby="costs-title">
        <h2 id="costs-title">What it costs</h2>
        <p class="costs-words">
          Parameters, or weights, are the trained numbers. A multiply-add is one multiplication and one addition. The maps need less
          memory if each block is computed piece by piece. A time is a median, with the middle half of the rounds in parentheses.
        </p>
        <Totals
          architecture={architecture}
          against={null}
          time={{
            title: rounds.length < 2 ? 'Time of a picture' : `Time of a picture, median of ${rounds.length} rounds`,
            value: whole === null ? '…' : timesText(whole),
          }}
        />
        <details>
          <summary>Every layer in numbers</summary>
          <NetworkTable rows={rows} selected={layer.id} onSelect={selectLayer} />
        </details>
      </section>
      <Designer
        loaded={architecture}
        predict={whole === null ? null : (design) => (whole.median * totalMultiplyAdds(design)) / totalMultiplyAdds(architecture)}
      />
      <UseThis code={codeOf(layer.id)} page="network.md" about="The network, along the code" />
    </>
  )
}

/** Look inside the network. */
export function Inside(): JSX.Element {
  const { value: model } = opened
  const blocks = model?.network.architecture.layers.reduce((most, { block }) => Math.max(most, block ?? 0), 0)
  return (
    <section class="inside" aria-labelledby="inside-title">
      <h1 id="inside-title">Look inside</h1>
      <p class="lead">{blocks ?? 17} blocks turn a picture into an answer. Choose one to see what it makes of the picture.</p>
      {model === null ? <p class="quiet">The network is shown when a model is loaded.</p> : <Loaded />}
    </section>
  )
}
