import { expect, it, vi } from 'vitest'
import { decodeAhead } from '../src/decode-ahead.js'
import { openPicture } from '../src/picture-source.js'

async function emptyPicture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(3, 2)
  canvas.getContext('2d')
  return canvas.convertToBlob()
}

it('closes the decoded pictures that the reader does not reach', async () => {
  const file = await emptyPicture()
  const close = vi.spyOn(ImageBitmap.prototype, 'close')
  const decode = vi.spyOn(globalThis, 'createImageBitmap')
  for await (const { opening } of decodeAhead([file, file, file, file, file], openPicture)) {
    const { rows } = await opening
    rows.close()
    break
  }
  // A picture that was still being read is no longer decoded.
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(decode.mock.calls.length).toBeGreaterThan(0)
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(decode.mock.calls.length))
  close.mockRestore()
  decode.mockRestore()
})

it('asks a slow source for nothing after the reader has stopped', async () => {
  const file = await emptyPicture()
  const decode = vi.spyOn(globalThis, 'createImageBitmap')
  let goOn = (): void => {}
  const slow = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let asked = 0
  async function* pictures(): AsyncGenerator<Blob> {
    for (;;) {
      asked++
      if (asked > 1) await slow
      yield file
    }
  }
  for await (const { opening } of decodeAhead(pictures(), openPicture)) {
    const { rows } = await opening
    rows.close()
    break
  }
  goOn()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toBe(2)
  expect(decode).toHaveBeenCalledTimes(1)
  decode.mockRestore()
})
