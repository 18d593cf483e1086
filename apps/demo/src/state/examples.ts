/** A picture that the site brings. */
export interface Example {
  /** Its name in the address, and for a screen reader. */
  readonly name: string
  readonly url: string
  /** A small square of it. */
  readonly thumbnail: string
  readonly kind: 'photo' | 'drawing'
  /** What it shows, and who made it. */
  readonly caption: string
  /** What is remarkable about the answer of a network with ImageNet's classes; null if nothing is. */
  readonly remark: string | null
}

const madeUrls = import.meta.glob<string>('../../dist/pictures/*.{jpg,webp}', { query: '?url', import: 'default', eager: true })
const drawingUrls = import.meta.glob<string>('../../../../examples/pictures/*.svg', {
  query: '?url',
  import: 'default',
  eager: true,
})

/** A picture that `build/make-pictures.mjs` made. */
const made = (file: string): string => madeUrls[`../../dist/pictures/${file}`]!

function photo(name: string, caption: string, remark: string | null = null): Example {
  return { name, url: made(`${name}.jpg`), thumbnail: made(`${name}.thumb.webp`), kind: 'photo', caption, remark }
}

/** The pictures that the site brings: photos in the public domain, and drawings. The first one is looked at when the site opens. */
export const examples: readonly Example[] = [
  photo('alps', 'French Alps, the middle of a photo. Adolphe Braun, about 1867.'),
  photo('boats', 'Boats at Nagasaki. Felice Beato, about 1865.'),
  photo('barn', 'An abandoned home in the Dust Bowl. Dorothea Lange, about 1937.'),
  photo('lake', 'Black Canyon, Colorado River. Timothy H. O’Sullivan, 1871.'),
  ...Object.entries(drawingUrls).map(([path, url]): Example => {
    const name = path.replace(/^.*\/|\.svg$/g, '')
    return {
      name,
      url,
      thumbnail: made(`${name}.thumb.webp`),
      kind: 'drawing',
      caption: `A drawing of this project: ${name.replaceAll('-', ' ')}.`,
      remark: null,
    }
  }),
  photo(
    'flower',
    'An ornamental onion. Karl Blossfeldt, 1928.',
    'The network is sure, and it is wrong. This is a flower, and ImageNet’s 1000 classes have no ornamental onion: so the ' +
      'network takes the nearest shape that it knows. A high percentage is no proof.',
  ),
]
