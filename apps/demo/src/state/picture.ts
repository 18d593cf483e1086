import { type Signal, signal } from '@preact/signals'
import { addressed } from './address.js'
import { type Example, examples } from './examples.js'
import { notice } from './messages.js'

/** The picture that is looked at. */
export interface ChosenPicture {
  readonly name: string
  readonly file: Blob
  /** For an `img`. */
  readonly url: string
  /** The example that it is; null for a picture of the visitor's. */
  readonly example: Example | null
}

/** The name of the example that is looked at; null for the first one, and for a picture of the visitor's. */
const exampleInAddress = addressed('example')

/** The example that the site begins with. */
export const firstExample: Example = examples.find(({ name }) => name === exampleInAddress.value) ?? examples[0]!

/** Null until the first example has come. */
export const picture: Signal<ChosenPicture | null> = signal<ChosenPicture | null>(null)

/** Whether a file has the type or the name of a picture; some of these formats cannot be read, and are refused later. */
export function looksLikePicture(file: File): boolean {
  return (
    file.type.startsWith('image/') ||
    /\.(jpe?g|jfif|png|gif|webp|avif|bmp|svg|hei[cf]|tiff?|jxl|jp2|ico|psd|dng|cr2|nef)$/i.test(file.name)
  )
}

let wanted = 0

async function show(mine: number, load: () => Promise<Omit<ChosenPicture, 'url'>>): Promise<void> {
  const next = await load()
  // A later choice counts, even if its picture comes first.
  if (mine !== wanted) return
  const before = picture.value
  picture.value = { ...next, url: URL.createObjectURL(next.file) }
  if (before !== null) URL.revokeObjectURL(before.url)
}

/**
 * A picture file as an engine can read it.
 * @throws Error in words for the visitor if it is damaged, or of a format that this browser cannot read
 */
export async function readable(file: Blob, name = 'This picture'): Promise<Blob> {
  return (await import('./readable-picture.js')).readable(file, name)
}

/** Takes a file of the visitor's as the picture to look at. */
export async function choosePicture(file: Blob, name: string): Promise<void> {
  notice.value = null
  wanted += 1
  const mine = wanted
  await show(mine, async () => ({ name, file: await readable(file, name), example: null }))
  if (mine === wanted) exampleInAddress.value = null
}

/** Takes one of the site's pictures. */
export async function chooseExample(example: Example): Promise<void> {
  notice.value = null
  wanted += 1
  const mine = wanted
  exampleInAddress.value = example === examples[0] ? null : example.name
  await show(mine, async () => {
    const response = await fetch(example.url)
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
    const file = await response.blob()
    return { name: example.name, file: example.kind === 'drawing' ? await readable(file, example.name) : file, example }
  })
}

/** Back and Forward bring the example of their address. */
exampleInAddress.subscribe((name) => {
  const now = picture.value
  if (now === null || now.example === null || now.example.name === (name ?? examples[0]!.name)) return
  const example = name === null ? examples[0] : examples.find((candidate) => candidate.name === name)
  if (example !== undefined) void chooseExample(example).catch(() => {})
})
