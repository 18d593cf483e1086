// The figures, as SVG text.
const font = 'font-family="sans-serif" font-size="13" fill="#444"'

function svg(width, height, title, parts) {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<title>${title}</title>\n<rect width="${width}" height="${height}" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`
}

function text(x, y, words, anchor = 'middle') {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${font}>${words}</text>`
}

const path = (list) => list.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')

/** Panels side by side: `{ title, points: [x, y][] }`, each scaled to its own size, coloured from the first point to the last. */
export function drawPanels(panels) {
  const side = 150
  const margin = 12
  const step = 8
  const parts = panels.flatMap(({ title, points }, panel) => {
    const left = panel * (side + margin) + margin
    const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])))
    const extent = Math.max(...[0, 1].map((axis) => Math.max(...points.map((point) => point[axis])) - low[axis]), 1e-9)
    const placed = points.map(([x, y]) => [left + ((x - low[0]) / extent) * side, 24 + side - ((y - low[1]) / extent) * side])
    const strokes = []
    for (let start = 0; start < placed.length - 1; start += step) {
      const hue = Math.round((300 * start) / placed.length)
      strokes.push(
        `<path d="${path(placed.slice(start, start + step + 1))}" fill="none" stroke="hsl(${hue} 80% 45%)" stroke-width="2"/>`,
      )
    }
    return [text(left + side / 2, 15, title), ...strokes]
  })
  return svg(panels.length * (side + margin) + margin, side + 36, 'A spiral, and what comes back of it through ReLU', parts)
}

/** Curves over epochs: `{ name, colour, mean: number[], low: number[], high: number[] }`, values in percent. */
export function drawCurves(curves, yTitle) {
  const [width, height, left, bottom, top, right] = [640, 380, 60, 48, 16, 16]
  const epochs = curves[0].mean.length
  const floor = Math.floor(Math.min(...curves.flatMap(({ low }) => low.slice(1))) / 5) * 5
  const x = (index) => left + (index / (epochs - 1)) * (width - left - right)
  const y = (value) => height - bottom - ((Math.max(value, floor) - floor) / (100 - floor)) * (height - bottom - top)
  const parts = []
  for (let value = floor; value <= 100; value += 100 - floor > 40 ? 10 : 5) {
    parts.push(`<path d="M${left} ${y(value)}H${width - right}" stroke="#ddd"/>`, text(left - 8, y(value) + 4, value, 'end'))
  }
  for (let index = 0; index < epochs; index++) parts.push(text(x(index), height - bottom + 18, index + 1))
  parts.push(text((left + width) / 2, height - 8, 'epoch'))
  parts.push(`<text transform="translate(16 ${height / 2}) rotate(-90)" text-anchor="middle" ${font}>${yTitle}</text>`)
  curves.forEach(({ name, colour, mean, low, high }, place) => {
    const band = [...high.map((value, index) => [x(index), y(value)]), ...low.map((value, index) => [x(index), y(value)]).reverse()]
    parts.push(`<path d="${path(band)}Z" fill="${colour}" opacity="0.18"/>`)
    parts.push(
      `<path d="${path(mean.map((value, index) => [x(index), y(value)]))}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    )
    const row = height - bottom - 40 + 20 * place
    parts.push(
      `<path d="M${width - 200} ${row - 4}h24" stroke="${colour}" stroke-width="2"/>`,
      text(width - 170, row, name, 'start'),
    )
  })
  return svg(width, height, 'Accuracy after each epoch', parts)
}
