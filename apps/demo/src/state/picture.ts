import { type Signal, signal } from '@preact/signals'
import { notice } from './messages.js'

/** The picture that is looked at. */
export interface ChosenPicture {
  readonly name: string
  readonly file: Blob
  /** For an `img`. */
  readonly url: string
}

export const picture: Signal<ChosenPicture | null> = signal<ChosenPicture | null>(null)

/** Pixels of a drawing that has no size of its own. */
const drawnSize = 448

/** Draws a vector picture, which no engine can decode, as pixels. */
async function rasterise(url: string): Promise<Blob> {
  const image = new Image()
  image.src = url
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = drawnSize
  canvas.height = drawnSize
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, drawnSize, drawnSize)
  context.drawImage(image, 0, 0, drawnSize, drawnSize)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The drawing cannot be drawn.')) : resolve(blob))),
  )
}

/** Whether a file says that it is a picture. */
export function looksLikePicture(file: File): boolean {
  return file.type.startsWith('image/') || /\.(jpe?g|png|gif|webp|avif|bmp|svg)$/i.test(file.name)
}

/** A picture file as an engine can read it. */
export async function readable(file: Blob): Promise<Blob> {
  if (file.type !== 'image/svg+xml') return file
  const url = URL.createObjectURL(file)
  try {
    return await rasterise(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Takes a file as the picture to look at. */
export async function choosePicture(file: Blob, name: string): Promise<void> {
  notice.value = null
  const own = await readable(file)
  const before = picture.value
  picture.value = { name, file: own, url: URL.createObjectURL(own) }
  if (before !== null) URL.revokeObjectURL(before.url)
}

/** The drawings that the site brings. */
export const examples: readonly { readonly name: string; readonly url: string }[] = Object.entries(
  import.meta.glob<string>('../../../../examples/pictures/*.svg', { query: '?url', import: 'default', eager: true }),
).map(([path, url]) => ({ name: path.replace(/^.*\/|\.svg$/g, ''), url }))

/** Takes one of the drawings. */
export async function chooseExample({ name, url }: { readonly name: string; readonly url: string }): Promise<void> {
  await choosePicture(await (await fetch(url)).blob(), name)
}
