import { element, hint, picture, textAt } from './svg.js'

/** A part of a bar; `tone` is a class of the style sheet. */
export interface Part {
  readonly value: number
  readonly tone: string
}

/** One bar, of one or more parts. */
export interface Bar {
  readonly label: string
  readonly parts: readonly Part[]
  /** The range of most of the values; it is drawn as a line over the bar. */
  readonly range?: readonly [number, number]
  /** The text after the bar. */
  readonly text: string
  /** The tooltip. */
  readonly hint: string
}

const width = 760
const labelWidth = 198
const textWidth = 144
const plotWidth = width - labelWidth - textWidth
const textGap = 8

interface Sizes {
  readonly rowHeight: number
  readonly barHeight: number
}

const roomy: Sizes = { rowHeight: 30, barHeight: 16 }
const dense: Sizes = { rowHeight: 20, barHeight: 12 }

/** The mark of a bar that is longer than the scale: two slanted gaps near its end. */
function breakMark(x: number, y: number, height: number): string {
  return [0, 7]
    .map((offset) => element('path', { class: 'gap', d: `M${x - 22 + offset} ${y + height + 2} l5 ${-height - 4}` }))
    .join('')
}

function drawBar(bar: Bar, top: number, full: number, { rowHeight, barHeight }: Sizes): string {
  const y = top + (rowHeight - barHeight) / 2
  const middle = y + barHeight / 2
  const scale = plotWidth / full
  const total = bar.parts.reduce((sum, { value }) => sum + value, 0)
  let start = 0
  const parts = bar.parts.map(({ value, tone }) => {
    const from = Math.min(start, full)
    const to = Math.min(start + value, full)
    start += value
    return element('rect', {
      class: tone,
      x: labelWidth + from * scale,
      y,
      width: Math.max(0.75, (to - from) * scale),
      height: barHeight,
    })
  })
  const range =
    bar.range === undefined || total > full
      ? ''
      : element('path', {
          class: 'range',
          d: bar.range
            .map((value) => `${labelWidth + Math.min(value, full) * scale} ${middle}`)
            .join(' L')
            .replace(/^/, 'M'),
        })
  const end = labelWidth + Math.max(Math.min(total, full), Math.min(bar.range?.[1] ?? 0, total > full ? 0 : full)) * scale
  return element(
    'g',
    {},
    hint(bar.hint),
    textAt(labelWidth - 10, middle + 4, 'label end', bar.label),
    ...parts,
    range,
    total > full ? breakMark(labelWidth + plotWidth, y, barHeight) : '',
    textAt(end + textGap, middle + 4, 'value', bar.text),
  )
}

/**
 * Horizontal bars on one linear scale.
 * @param full the value at the end of the scale; a longer bar is cut there and marked
 */
export function barChart(label: string, bars: readonly Bar[], full: number, density: 'roomy' | 'dense' = 'roomy'): string {
  const sizes = density === 'dense' ? dense : roomy
  return picture(
    'bars',
    width,
    bars.length * sizes.rowHeight,
    label,
    element('path', { class: 'axis', d: `M${labelWidth} 0 V${bars.length * sizes.rowHeight}` }),
    ...bars.map((bar, index) => drawBar(bar, index * sizes.rowHeight, full, sizes)),
  )
}
