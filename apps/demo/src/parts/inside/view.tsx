import { type LayerId, type LayerTime, totalMultiplyAdds } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { takeFile } from '../../state/files.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { Examples } from '../../view/examples.js'
import { FileButton } from '../../view/file-button.js'
import { architectureOf, type Design, Designer, published, Totals } from './designer.js'
import { ClassActivation, LayerView } from './layer-view.js'
import { NetworkTable } from './network-table.js'
import { type Metric, metrics, rowsOf } from './rows.js'
import './style.css'

/** The loaded network, layer by layer, and what it makes of the picture. */
function Loaded(): JSX.Element {
  const [times, setTimes] = useState<readonly LayerTime[] | null>(null)
  const [selected, setSelected] = useState<LayerId>('block2.depthwise')
  const [metric, setMetric] = useState<Metric>('multiplyAdds')
  const [design, setDesign] = useState<Design | null>(null)
  const model = opened.value!
  const { architecture } = model.network

  useEffect(() => {
    let current = true
    setTimes(null)
    void attempt('The layers cannot be timed.', async () => {
      const result = await ask('inside.profile', [])
      if (current) setTimes(result)
    })
    return () => {
      current = false
    }
  }, [model])

  const measured = times?.reduce((sum, { milliseconds }) => sum + milliseconds, 0) ?? null
  const designed = design === null ? null : architectureOf(design)
  const shown = designed ?? architecture
  const predicted = measured === null ? null : (measured * totalMultiplyAdds(shown)) / totalMultiplyAdds(architecture)
  return (
    <>
      <div class="card">
        <fieldset class="switch">
          <legend class="quiet">Which network</legend>
          <label>
            <input type="radio" name="which" checked={design === null} onChange={() => setDesign(null)} /> The loaded one
          </label>
          <label>
            <input type="radio" name="which" checked={design !== null} onChange={() => setDesign(published)} /> Your own design
          </label>
        </fieldset>
        {design !== null && <Designer design={design} onDesign={setDesign} />}
        <Totals architecture={shown} time={predicted === null ? null : { value: predicted, measured: designed === null }} />
      </div>
      <div class="columns inside">
        <div class="card">
          <label class="choice">
            Bars show
            <select value={metric} onChange={({ currentTarget }) => setMetric(currentTarget.value as Metric)}>
              {Object.entries(metrics).map(([key, title]) => (
                <option key={key} value={key}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <NetworkTable
            rows={rowsOf(shown, designed === null ? times : null)}
            metric={metric}
            selected={selected}
            onSelect={designed === null ? setSelected : null}
          />
          <p class="quiet small-text">
            ↷ marks a block with a shortcut. “with expand”: runs in one piece with that layer, whose time is that of both. No
            weights are loaded for a design, so that none of its layers is timed.
          </p>
        </div>
        <div class="card">
          {picture.value === null ? (
            <p>Choose a picture to see what each layer makes of it.</p>
          ) : (
            <>
              <div class="pair">
                <figure>
                  <img src={picture.value.url} alt={picture.value.name} />
                  <figcaption>Your picture</figcaption>
                </figure>
                <ClassActivation />
              </div>
              <LayerView layer={selected} />
            </>
          )}
          <div class="actions">
            <FileButton label="Choose a picture" accept="image/*" onFile={takeFile} />
          </div>
          <h2 class="small">Or one of these drawings</h2>
          <Examples />
        </div>
      </div>
    </>
  )
}

/** Look inside the network. */
export function Inside(): JSX.Element {
  return (
    <section aria-labelledby="inside-title">
      <h1 id="inside-title">Look inside</h1>
      <p class="lead">
        Every shape and cost below is computed from the one definition that also runs the network. Open a block, choose a layer, and
        see its feature maps; or change the table and watch the costs.
      </p>
      {opened.value === null ? <p class="quiet">The network is shown when a model is loaded.</p> : <Loaded />}
    </section>
  )
}
