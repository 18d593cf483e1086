// Draws docs/first-answer.webp, the picture in README: a photo, a heat map of the place where the answer was found, and the answers.
// `MOBILENETV2_MODELS` must name a folder with ImageNet's model.
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { load } from '../packages/mobilenetv2/dist/index.js'
import { pictures } from './start/pictures.mjs'

const out = fileURLToPath(new URL('../docs/first-answer.webp', import.meta.url))

/** In pixels. */
const [side, gap, textWidth] = [300, 20, 380]

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A line of text and a bar below it, from a height on. */
function bar({ label, probability }, top) {
  const [name] = label.split(',')
  return `<text x="0" y="${top + 16}">${escaped(name)}</text>
    <text x="${textWidth}" y="${top + 16}" text-anchor="end">${(100 * probability).toFixed(1)} %</text>
    <rect y="${top + 24}" width="${textWidth}" height="10" rx="5" fill="#e5e7eb"/>
    <rect y="${top + 24}" width="${Math.max(10, textWidth * probability)}" height="10" rx="5" fill="#2563eb"/>`
}

function drawAnswers(answers) {
  const bars = answers.map((answer, index) => bar(answer, index * 60))
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${textWidth}" height="${side}" font-family="DejaVu Sans, sans-serif" font-size="17" fill="#111827">${bars.join('')}</svg>`,
  )
}

const [{ path }] = pictures()
const model = await load()
const [answers, { overlay }] = [await model.classify(path), await model.explain(path)]
model.dispose()
const { data, width, height, channels } = overlay
const parts = [
  await sharp(path).resize(side, side).toBuffer(),
  await sharp(data, { raw: { width, height, channels } }).resize(side, side).png().toBuffer(),
  drawAnswers(answers),
]
await sharp({ create: { width: 2 * side + textWidth + 4 * gap, height: side + 2 * gap, channels: 3, background: '#fff' } })
  .composite(parts.map((input, index) => ({ input, left: gap + index * (side + gap), top: gap })))
  .webp({ quality: 85 })
  .toFile(out)
console.log(out)
