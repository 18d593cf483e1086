import type { LayerId, Shape } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { bytes, short } from '../../view/numbers.js'
import { type Costs, type Metric, measure, metrics, type StageRow } from './rows.js'
import { lastOf, nameInBlock } from './stages.js'
import { timesText } from './times-text.js'

interface TableProps {
  readonly rows: readonly StageRow[]
  readonly selected: LayerId
  readonly onSelect: (id: LayerId) => void
}

const shapeText = ({ height, width, channels }: Shape): string => `${height} × ${width} × ${channels}`

/** The time of a row, and the row that has the rest of its time. */
function timeText({ time, timedWith }: Costs): string {
  const parts = [time !== null && timesText(time), timedWith !== null && `with ${timedWith}`]
  return parts.filter((part) => part !== false).join(' + ') || '–'
}

function Cells({ costs, metric, most }: { readonly costs: Costs; readonly metric: Metric; readonly most: number }): JSX.Element {
  return (
    <>
      <td class="number">{short(costs.parameters)}</td>
      <td class="number">{short(costs.multiplyAdds)}</td>
      <td class="number">{bytes(costs.memory)}</td>
      <td class="number">{timeText(costs)}</td>
      <td class="bar-cell" aria-hidden="true">
        <span class="track">
          <span style={{ transform: `scaleX(${measure(costs, metric) / most})` }} />
        </span>
      </td>
    </>
  )
}

/** Every stage with its costs; a block opens to its layers. */
export function NetworkTable({ rows, selected, onSelect }: TableProps): JSX.Element {
  const [metric, setMetric] = useState<Metric>('multiplyAdds')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const most = Math.max(...rows.map(({ costs }) => measure(costs, metric)), 1e-9)
  const toggle = (key: string): void => {
    const next = new Set(open)
    if (!next.delete(key)) next.add(key)
    setOpen(next)
  }
  const layerButton = (id: LayerId, text: string): JSX.Element => (
    <button type="button" class="link" aria-pressed={id === selected} onClick={() => onSelect(id)}>
      {text}
    </button>
  )
  return (
    <>
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Layers of the network">
        <table>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Output</th>
              <th scope="col" class="number">
                Parameters
              </th>
              <th scope="col" class="number">
                Multiply-adds
              </th>
              <th scope="col" class="number">
                Memory
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col">
                <span class="unseen">{metrics[metric]}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.flatMap(({ stage, layers, costs }) => {
              const { key, title, shortcut } = stage
              const single = layers.length === 1
              const shown = open.has(key)
              const row = (
                <tr key={key}>
                  <th scope="row">
                    {single ? (
                      layerButton(layers[0]!.layer.id, title)
                    ) : (
                      <button type="button" class="link" aria-expanded={shown} onClick={() => toggle(key)}>
                        {shown ? '▾' : '▸'} {title}
                        {shortcut && ' ↷'}
                      </button>
                    )}
                  </th>
                  <td>{shapeText(lastOf(stage).output)}</td>
                  <Cells costs={costs} metric={metric} most={most} />
                </tr>
              )
              if (single || !shown) return [row]
              const inner = layers.map(({ layer, costs: own }) => (
                <tr key={layer.id} class="inner">
                  <th scope="row">{layerButton(layer.id, nameInBlock(layer.id))}</th>
                  <td>{shapeText(layer.output)}</td>
                  <Cells costs={own} metric={metric} most={most} />
                </tr>
              ))
              return [row, ...inner]
            })}
          </tbody>
        </table>
      </section>
      <p class="quiet">
        ↷ marks a block with a shortcut. Times are medians of several rounds, with the middle half of the rounds in parentheses.
        “with expand” means that the layer runs in one piece with the layer expand, where the time of both stands.
      </p>
    </>
  )
}
