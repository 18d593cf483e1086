import { element, hint, picture, textAt, ticks } from './svg.js'

/** Points that a line joins; `tone` is a class of the style sheet. */
export interface Line {
  readonly name: string
  readonly tone: string
  readonly points: readonly { readonly x: number; readonly y: number; readonly hint: string }[]
}

const width = 420
const height = 210
const [left, right, top, bottom] = [46, 10, 10, 26]

/** Lines over equally spaced values of x; y starts at 0. The band marks the values of y that are good enough. */
export function lineChart(label: string, lines: readonly Line[], band: readonly [number, number]): string {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted((a, b) => a - b)
  const marks = ticks(Math.max(band[1], ...lines.flatMap(({ points }) => points.map(({ y }) => y))))
  const full = marks.at(-1)!
  const step = (width - left - right) / Math.max(1, xs.length)
  const atX = (x: number): number => left + (xs.indexOf(x) + 0.5) * step
  const atY = (y: number): number => height - bottom - (y / full) * (height - top - bottom)
  return picture(
    'lines',
    width,
    height,
    label,
    element('rect', { class: 'band', x: left, y: atY(band[1]), width: width - left - right, height: atY(band[0]) - atY(band[1]) }),
    ...marks.map(
      (mark) =>
        element('path', { class: mark === 0 ? 'axis' : 'grid', d: `M${left} ${atY(mark)} H${width - right}` }) +
        textAt(left - 8, atY(mark) + 4, 'tick end', `${Math.round(mark * 100)} %`),
    ),
    ...xs.map((x) => textAt(atX(x), height - bottom + 16, 'tick middle', String(x))),
    ...lines.map(
      ({ tone, points }) =>
        element('path', {
          class: `line ${tone}`,
          d: points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${atX(x)} ${atY(y)}`).join(''),
        }) +
        points
          .map((point) => element('circle', { class: tone, cx: atX(point.x), cy: atY(point.y), r: 4 }, hint(point.hint)))
          .join(''),
    ),
  )
}
