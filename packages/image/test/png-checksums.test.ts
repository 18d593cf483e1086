import { expect, it, vi } from 'vitest'
import { decode } from '../src/decode.js'
import { withRightChecksums } from '../src/png-checksums.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const png = Uint8Array.from(atob(pictures.cases.find(({ name }) => name === 'PNG palette')!.file), (letter) => letter.charCodeAt(0))

/** Where a chunk begins, and where its checksum does. */
function chunk(kind: string): { readonly begin: number; readonly checksum: number } {
  const begin = String.fromCharCode(...png).indexOf(kind) - 4
  return { begin, checksum: begin + 8 + new DataView(png.buffer).getUint32(begin) }
}

function changed(...places: readonly number[]): Uint8Array {
  const bytes = png.slice()
  for (const place of places) bytes[place]! ^= 0x55
  return bytes
}

const { begin, checksum } = chunk('IDAT')

it('reads a PNG of which the checksum of a chunk of pixels alone is wrong, as Pillow does', async () => {
  expect(await decode(changed(checksum + 3))).toEqual(await decode(png))
})

it.each([
  ['the header', chunk('IHDR').checksum, 'IHDR at byte 8'],
  ['the palette', chunk('PLTE').checksum, `PLTE at byte ${chunk('PLTE').begin}`],
])('names the chunk if the checksum of %s is wrong', async (_, place, got) => {
  await expect(decode(changed(place), { file: 'a.png' })).rejects.toMatchObject({
    code: 'IMAGE',
    details: { where: 'file a.png', got: expect.stringContaining(got), remedy: 'Download or copy the file again.' },
  })
})

it('names the chunk if its pixels are damaged', async () => {
  for (const place of [begin + 20, checksum - 1]) {
    const got = expect.stringContaining(`IDAT at byte ${begin}`)
    await expect(decode(changed(place))).rejects.toMatchObject({ code: 'IMAGE', details: { got } })
  }
})

it('unpacks no more than the pixels that the header states', async () => {
  let pieces = 0
  let isCancelled = false
  class Endless {
    readonly writable = new WritableStream()
    readonly readable = new ReadableStream<Uint8Array>({
      pull(controller) {
        pieces++
        controller.enqueue(new Uint8Array(1024))
      },
      cancel() {
        isCancelled = true
      },
    })
  }
  vi.stubGlobal('DecompressionStream', Endless)
  try {
    const refused = withRightChecksums(changed(checksum + 3), 'file a.png', new Error('wrong checksum'))
    await expect(refused).rejects.toMatchObject({ code: 'IMAGE', details: { got: expect.stringContaining('IDAT') } })
  } finally {
    vi.unstubAllGlobals()
  }
  expect(isCancelled).toBe(true)
  expect(pieces).toBeLessThan(10)
})
