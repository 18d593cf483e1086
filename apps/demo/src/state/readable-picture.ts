/** Pixels of a drawing that has no size of its own. */
const drawnSize = 448

/** Pixels of the longer side of a picture that only the browser can read; the network sees a few hundred. */
const mostPixels = 2048

/** The formats that engines decode by themselves. */
const decoded = /^image\/(jpeg|png|webp|gif|avif)$/

const damaged = (name: string): Error =>
  new Error(
    `${name} cannot be read: it is damaged, or no picture. Open it in another program to see whether it is whole, or take another one.`,
  )

/** First bytes of formats that no page, or not every page, can read; a character for each byte, from a place on. */
const formats: readonly (readonly [name: string, from: number, begins: readonly string[]])[] = [
  ['HEIC', 4, ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1']],
  ['TIFF', 0, ['II*', 'MM\u0000*']],
  ['JPEG XL', 0, ['\u00ff\u000a']],
  ['JPEG XL', 4, ['JXL ']],
  ['JPEG 2000', 4, ['jP  ']],
  ['Photoshop', 0, ['8BPS']],
]

function formatOf(bytes: Uint8Array): string | null {
  const text = String.fromCharCode(...bytes.subarray(0, 32))
  return formats.find(([, from, begins]) => begins.some((begin) => text.startsWith(begin, from)))?.[0] ?? null
}

function refusal(name: string, format: string | null): Error {
  if (format === null) return damaged(name)
  const how =
    format === 'HEIC'
      ? 'It is a HEIC picture, as iPhones take them, and this browser cannot read it. On the iPhone choose Settings, Camera, Formats, Most ' +
        'Compatible for new photos; for this one, share it as JPEG, or open this page in Safari.'
      : `It is a ${format} picture, which this browser cannot read. Save it as JPEG or PNG, then take that.`
  return new Error(`${name} cannot be read. ${how}`)
}

/** Draws what only the browser can read, or a drawing, as pixels. */
async function asPixels(image: HTMLImageElement): Promise<Blob> {
  const { naturalWidth: width, naturalHeight: height } = image
  const vector = width === 0 || height === 0
  const scale = vector ? 1 : Math.min(1, mostPixels / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = vector ? drawnSize : Math.max(1, Math.round(width * scale))
  canvas.height = vector ? drawnSize : Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture cannot be drawn.')) : resolve(blob))),
  )
}

/**
 * A picture file as an engine can read it.
 * @throws Error in words for the visitor if it is damaged, or of a format that this browser cannot read
 */
export async function readable(file: Blob, name: string): Promise<Blob> {
  const bytes = new Uint8Array(await file.slice(0, 64).arrayBuffer())
  const format = formatOf(bytes)
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode().catch(() => {
      // One that is too large for the browser may be whole: the engine says what is wrong with it.
      if (!(format === null && decoded.test(file.type) && image.naturalWidth * image.naturalHeight > 2 ** 26))
        throw refusal(name, format)
    })
    return decoded.test(file.type) && format === null ? file : await asPixels(image)
  } finally {
    URL.revokeObjectURL(url)
  }
}
