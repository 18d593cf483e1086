// Draws examples/pictures/*.png from the SVG files beside them: they are pictures to classify without a download.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const folder = new URL('../examples/pictures/', import.meta.url)
for (const name of readdirSync(folder).filter((file) => file.endsWith('.svg'))) {
  const drawing = fileURLToPath(new URL(name, folder))
  await sharp(drawing).flatten({ background: '#fff' }).png().toFile(drawing.replace(/svg$/, 'png'))
}
