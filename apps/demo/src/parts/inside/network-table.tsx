import type { LayerId, Shape } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { bytes, milliseconds, short } from '../../view/numbers.js'
import { type BlockRow, type Costs, type Metric, metrics, nameInBlock } from './rows.js'

interface TableProps {
  readonly rows: readonly BlockRow[]
  readonly metric: Metric
  readonly selected: LayerId | null
  /** Null where layers of this network cannot be looked into. */
  readonly onSelect: ((id: LayerId) => void) | null
}

const shapeText = ({ height, width, channels }: Shape): string => `${height} × ${width} × ${channels}`

/** What was measured here, and where the rest stands. */
function timeText({ time, timedWith }: Costs): string {
  const parts = [time !== null && milliseconds(time), timedWith !== null && `with ${timedWith}`]
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
          <span style={{ transform: `scaleX(${(costs[metric] ?? 0) / most})` }} />
        </span>
      </td>
    </>
  )
}

/** The network as its definition has it: blocks that open to their layers, each with its costs. */
export function NetworkTable({ rows, metric, selected, onSelect }: TableProps): JSX.Element {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const most = Math.max(...rows.map(({ costs }) => costs[metric] ?? 0), 1e-9)
  const toggle = (title: string): void => {
    const next = new Set(open)
    if (!next.delete(title)) next.add(title)
    setOpen(next)
  }
  const layerButton = (id: LayerId, text: string): JSX.Element =>
    onSelect === null ? (
      <span>{text}</span>
    ) : (
      <button type="button" class="link" aria-pressed={id === selected} onClick={() => onSelect(id)}>
        {text}
      </button>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label="Layers of the network">
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Output</th>
            <th scope="col" class="number">
              Params
            </th>
            <th scope="col" class="number">
              M-adds
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
          {rows.flatMap(({ title, layers, costs }) => {
            const single = layers.length === 1
            const shown = open.has(title)
            const row = (
              <tr key={title}>
                <th scope="row">
                  {single ? (
                    layerButton(layers[0]!.layer.id, title)
                  ) : (
                    <button type="button" class="link" aria-expanded={shown} onClick={() => toggle(title)}>
                      {shown ? '▾' : '▸'} {title}
                    </button>
                  )}
                </th>
                <td>{shapeText(layers.at(-1)!.layer.output)}</td>
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
  )
}
