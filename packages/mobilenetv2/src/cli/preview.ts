import type { Picture } from '@mobilenetv2/image'
import colors from 'picocolors'

/** Pixels of the longer side of a preview. A pixel is one column wide and half a row high. */
const longest = 24

/** The size of the preview: 0 if stdout is not a terminal or has too few colours. */
export function previewSize(): number {
  return process.stdout.isTTY && colors.isColorSupported && process.stdout.getColorDepth() >= 8 ? longest : 0
}

/** The parameters of a colour's escape sequence. Terminals with 256 colours have a cube of 6 x 6 x 6 colours that begins at number 16. */
function colourCode(rgb: readonly number[]): string {
  if (process.stdout.getColorDepth() >= 24) return `2;${rgb.join(';')}`
  const [red = 0, green = 0, blue = 0] = rgb.map((level) => Math.round((level / 255) * 5))
  return `5;${16 + 36 * red + 6 * green + blue}`
}

/** Draws a small picture as text: each character is two pixels, an upper half block with one colour in front of the other. */
export function halfBlocks({ data, width, height, channels }: Picture): string {
  const colourAt = (x: number, y: number): string => {
    const from = (y * width + x) * channels
    return colourCode([...data.subarray(from, from + 3)])
  }
  const rows: string[] = []
  for (let y = 0; y < height; y += 2) {
    const blocks = Array.from({ length: width }, (_, x) => {
      const lower = y + 1 < height ? `\x1b[48;${colourAt(x, y + 1)}m` : ''
      return `\x1b[38;${colourAt(x, y)}m${lower}▀`
    })
    rows.push(`  ${blocks.join('')}\x1b[0m`)
  }
  return rows.join('\n')
}
