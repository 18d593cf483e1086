import {
  type Architecture,
  activationMemory,
  type BottleneckRow,
  defineMobileNetV2,
  mobileNetV2Table,
  totalMultiplyAdds,
  totalParameters,
} from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { bytes, count, milliseconds } from '../../view/numbers.js'
import { Slider } from '../../view/slider.js'

/** What the sliders say. */
export interface Design {
  readonly widthMultiplier: number
  readonly size: number
  readonly table: readonly BottleneckRow[]
}

export const published: Design = { widthMultiplier: 1, size: 224, table: mobileNetV2Table }

/** The network of a design; null where its table is none. */
export function architectureOf({ widthMultiplier, size, table }: Design): Architecture | null {
  try {
    return defineMobileNetV2({ widthMultiplier, height: size, width: size, table })
  } catch {
    return null
  }
}

interface TotalsProps {
  readonly architecture: Architecture
  /** Milliseconds of one picture, and whether they were measured. */
  readonly time: { readonly value: number; readonly measured: boolean } | null
}

/** What a network costs as a whole. */
export function Totals({ architecture, time }: TotalsProps): JSX.Element {
  const parameters = totalParameters(architecture)
  const tiles = [
    ['Parameters', count(parameters)],
    ['Weights, float32', bytes(4 * parameters)],
    ['Multiply-adds', count(totalMultiplyAdds(architecture))],
    ['Peak activations, layer by layer', bytes(activationMemory(architecture, 'layer').peakBytes)],
    ['Peak activations, block by block', bytes(activationMemory(architecture, 'block').peakBytes)],
    [
      time?.measured === false ? 'Time, predicted by multiply-adds' : 'Time, sum of layers',
      time === null ? '…' : milliseconds(time.value),
    ],
  ]
  return (
    <dl class="tiles">
      {tiles.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const columns = ['t', 'c', 'n', 's'] as const
const meanings = ['expansion', 'channels', 'repetitions', 'stride'] as const
const limits = [
  [1, 12],
  [8, 512],
  [1, 8],
  [1, 2],
] as const

/** Sliders for the width multiplier and the size, and the rows of the paper's Table 2. */
export function Designer({
  design,
  onDesign,
}: {
  readonly design: Design
  readonly onDesign: (design: Design) => void
}): JSX.Element {
  const { widthMultiplier, size, table } = design
  const change = (row: number, column: number, value: number): void => {
    const [low, high] = limits[column]!
    if (!Number.isInteger(value) || value < low || value > high) return
    const next = table.map(
      (old, index): BottleneckRow =>
        index === row ? (old.map((was, place) => (place === column ? value : was)) as unknown as BottleneckRow) : old,
    )
    onDesign({ ...design, table: next })
  }
  return (
    <div class="designer">
      <Slider
        name="Width multiplier"
        value={widthMultiplier}
        shown={widthMultiplier.toFixed(2)}
        min={0.25}
        max={2}
        step={0.05}
        onValue={(value) => onDesign({ ...design, widthMultiplier: value })}
      />
      <Slider
        name="Input"
        value={size}
        shown={`${size} × ${size}`}
        min={96}
        max={512}
        step={32}
        onValue={(value) => onDesign({ ...design, size: value })}
      />
      <table class="rows">
        <caption>Rows of the paper's Table 2</caption>
        <thead>
          <tr>
            {columns.map((name, index) => (
              <th key={name} scope="col">
                {name} <span class="quiet">{meanings[index]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={columns[column]}>
                  <input
                    type="number"
                    aria-label={`${meanings[column]} of row ${index + 1}`}
                    min={limits[column]![0]}
                    max={limits[column]![1]}
                    value={value}
                    onInput={({ currentTarget }) => change(index, column, currentTarget.valueAsNumber)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={() => onDesign(published)}>
        As published
      </button>
    </div>
  )
}
