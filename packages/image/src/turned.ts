import type { Picture } from './picture.js'

/**
 * Turns a stored picture upright by its EXIF orientation: with 2 to 4 it is mirrored or upside down, with 5 to 8 it lies on its side. With
 * any other orientation the picture itself is given back.
 */
export function turned(picture: Picture, orientation: number): Picture {
  if (!(orientation >= 2 && orientation <= 8)) return picture
  const { data, width, height, channels } = picture
  const lies = orientation >= 5
  const [seenWidth, seenHeight] = lies ? [height, width] : [width, height]
  // Whether the stored columns run from right to left, and the stored rows from bottom to top.
  const mirrorsColumns = [2, 3, 7, 8].includes(orientation)
  const mirrorsRows = [3, 4, 6, 7].includes(orientation)
  const result = new Uint8Array(data.length)
  let to = 0
  for (let y = 0; y < seenHeight; y++) {
    for (let x = 0; x < seenWidth; x++) {
      const [column, row] = lies ? [y, x] : [x, y]
      const from = ((mirrorsRows ? height - 1 - row : row) * width + (mirrorsColumns ? width - 1 - column : column)) * channels
      for (let channel = 0; channel < channels; channel++) result[to++] = data[from + channel]!
    }
  }
  return { data: result, width: seenWidth, height: seenHeight, channels }
}
