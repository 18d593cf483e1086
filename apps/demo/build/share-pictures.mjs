import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** Pixels, as the services that show a link's picture want them. */
const [width, height] = [1200, 630]

const [page, ink, quiet, accent] = ['#111215', '#eeeef0', '#a9acb5', '#a5b4fc']

const drawing = (name) => sharp(readFileSync(fileURLToPath(new URL(`../../../examples/pictures/${name}.svg`, import.meta.url))))
const photo = (name) => sharp(fileURLToPath(new URL(`../dist/pictures/${name}.jpg`, import.meta.url)))

const text = (lines, { x = 70, y, size, fill = ink, weight = 400 }) =>
  lines
    .map(
      (line, index) =>
        `<text x="${x}" y="${y + index * size * 1.2}" font-size="${size}" font-weight="${weight}" fill="${fill}">${line}</text>`,
    )
    .join('')

/** The picture of a part: its title and a sentence over what `art` draws; `pictures` are laid on top. */
async function draw(title, sentence, art, pictures = []) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, sans-serif">
    <rect width="${width}" height="${height}" fill="${page}"/>${art}
    ${text(title, { y: 130, size: 58, weight: 700 })}
    ${text(sentence, { y: 140 + title.length * 70, size: 26, fill: quiet })}
    ${text(['MobileNetV2 in your browser'], { y: 580, size: 24, fill: accent, weight: 700 })}</svg>`
  return sharp(Buffer.from(svg)).composite(pictures).png({ palette: true, colours: 128 }).toBuffer()
}

/** The blocks of the network to scale: as high as the resolution, as wide as the channels. */
async function blocks() {
  const { defineMobileNetV2 } = await import('@mobilenetv2/spec')
  const outputs = defineMobileNetV2()
    .layers.filter(({ id }) => /^block\d+\.project$/.test(id))
    .map(({ output }) => output)
  const widths = outputs.map(({ channels }) => 8 + channels / 5)
  const scale = 1060 / (widths.reduce((a, b) => a + b, 0) + 5 * widths.length)
  let x = 70
  return outputs
    .map(({ height: rows }, index) => {
      const [wide, high] = [widths[index] * scale, 24 + rows * 1.7]
      const shape = `<rect x="${x}" y="${420 - high / 2}" width="${wide}" height="${high}" rx="4" fill="${accent}" opacity="${0.45 + (0.5 * index) / outputs.length}"/>`
      x += wide + 5 * scale
      return shape
    })
    .join('')
}

function spiral() {
  const points = Array.from({ length: 200 }, (_, index) => {
    const [turn, radius] = [index / 18, 12 + index * 0.85]
    return `${950 + radius * Math.cos(turn)},${330 + radius * Math.sin(turn)}`
  })
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${accent}" stroke-width="7" stroke-linecap="round"/>`
}

const lanes = ['WebAssembly', 'WebGPU', 'TensorFlow.js', 'ONNX Runtime Web']
  .map(
    (name, index) =>
      `<text x="330" y="${345 + index * 56}" text-anchor="end" font-size="24" fill="${ink}">${name}</text>
      <path d="M360 ${337 + index * 56}H1130" stroke="${quiet}" stroke-width="2" stroke-dasharray="4 10"/>
      <circle cx="372" cy="${337 + index * 56}" r="13" fill="${accent}"/>`,
  )
  .join('')

const square = async (image, side, left, top) => ({ input: await image.resize(side, side).png().toBuffer(), left, top })

/** The picture that a link to each part is shown with. */
export const sharePictures = {
  classify: async () => {
    const input = await photo('alps').resize(480, 400).toBuffer()
    return draw(
      ['A 4 MB neural network,', 'running in your browser'],
      ['It says what a picture shows.', 'No picture is uploaded.'],
      '',
      [{ input: await sharp(input).resize(480, 330).toBuffer(), left: 650, top: 262 }],
    )
  },
  inside: async () => draw(['Look inside a neural network'], ['Your picture, on its way through 17 blocks'], await blocks()),
  why: () => draw(['Why it works'], ['What a spiral tells about', 'linear bottlenecks'], spiral()),
  teach: async () =>
    draw(['Teach it your own classes'], ['A few pictures of each, a second of training,', 'all in your browser'], '', [
      await square(drawing('apple'), 200, 300, 330),
      await square(drawing('strawberry'), 200, 520, 330),
      await square(drawing('soccer-ball'), 200, 740, 330),
      await square(drawing('clock'), 200, 960, 330),
    ]),
  race: () => draw(['Race the backends'], ['How fast is a neural network in your browser?'], lanes),
}
