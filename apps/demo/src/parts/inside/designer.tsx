import { type Architecture, type BottleneckRow, defineMobileNetV2, mobileNetV2Table } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Slider } from '../../view/slider.js'
import { Ribbon } from './ribbon.js'
import { designedSize, designedWidth } from './state.js'
import { Totals } from './totals.js'

const columns = ['t', 'c', 'n', 's'] as const
const meanings = ['expansion', 'channels', 'repetitions', 'stride'] as const
const limits = [
  [1, 12],
  [8, 512],
  [1, 8],
  [1, 2],
] as const

const widths = { min: 0.25, max: 2, step: 0.05 } as const
const sizes = { min: 96, max: 512, step: 32 } as const

/** The number in the address, at the slider's nearest step; the usual one if the slider does not reach it. */
function within(text: string | null, { min, max, step }: typeof widths | typeof sizes, usual: number): number {
  const value = Number(text ?? usual)
  if (!(value >= min && value <= max)) return usual
  return Math.round(value / step) * step
}

/** The network of a design; null if its table is not valid. */
function architectureOf(widthMultiplier: number, size: number, table: readonly BottleneckRow[]): Architecture | null {
  try {
    return defineMobileNetV2({ widthMultiplier, height: size, width: size, table })
  } catch {
    return null
  }
}

interface RowsProps {
  readonly table: readonly BottleneckRow[]
  readonly onTable: (table: readonly BottleneckRow[]) => void
}

/** The rows of the paper's Table 2, to change. */
function TableRows({ table, onTable }: RowsProps): JSX.Element {
  const change = (row: number, column: number, value: number): void => {
    const [low, high] = limits[column]!
    if (!Number.isInteger(value) || value < low || value > high) return
    onTable(
      table.map((old, index) =>
        index === row ? (old.map((was, place) => (place === column ? value : was)) as unknown as BottleneckRow) : old,
      ),
    )
  }
  return (
    <details>
      <summary>The rows of the paper’s Table 2</summary>
      <p class="quiet small-text">
        A row is n blocks of c channels, t times as wide in their middle. The first of them takes every s-th place of its map.
      </p>
      <table class="rows">
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
    </details>
  )
}

const none = new Map<string, never>()

interface DesignerProps {
  /** The loaded network, which a design is compared with. */
  readonly loaded: Architecture
  /** Milliseconds of a design, by its multiply-adds; null while nothing is timed. */
  readonly predict: ((architecture: Architecture) => number) | null
}

/** A network of one's own: width, resolution and table, drawn to scale, with its costs. */
export function Designer({ loaded, predict }: DesignerProps): JSX.Element {
  const [table, setTable] = useState(mobileNetV2Table)
  const widthMultiplier = within(designedWidth.value, widths, 1)
  const size = within(designedSize.value, sizes, 224)
  const architecture = architectureOf(widthMultiplier, size, table) ?? defineMobileNetV2()
  return (
    <section class="designer" aria-labelledby="design-title">
      <h2 id="design-title">Design your own</h2>
      <p>
        The width multiplier multiplies the channels of every layer; the resolution is the size of the input. Slide them: the ribbon
        and the costs follow, compared with the loaded network. No weights exist for a design until somebody trains it.
      </p>
      <div class="controls">
        <Slider
          name="Width multiplier"
          value={widthMultiplier}
          shown={widthMultiplier.toFixed(2)}
          {...widths}
          onValue={(value) => (designedWidth.value = value === 1 ? null : value.toFixed(2))}
        />
        <Slider
          name="Input"
          value={size}
          shown={`${size} × ${size}`}
          {...sizes}
          onValue={(value) => (designedSize.value = value === 224 ? null : String(value))}
        />
        <button
          type="button"
          onClick={() => {
            designedWidth.value = null
            designedSize.value = null
            setTable(mobileNetV2Table)
          }}
        >
          As published
        </button>
      </div>
      <Ribbon
        architecture={architecture}
        glimpses={none}
        selected={null}
        onSelect={null}
        picture={<span class="input-size">{size}</span>}
        answer={null}
      />
      <Totals
        architecture={architecture}
        against={loaded}
        time={{
          title: 'Time, predicted by multiply-adds',
          value: predict === null ? '…' : `about ${predict(architecture).toFixed(1)} ms`,
        }}
      />
      <TableRows table={table} onTable={setTable} />
    </section>
  )
}
