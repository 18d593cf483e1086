import { expect, it, vi } from 'vitest'
import { decodeAhead } from '../src/decode-ahead.js'

it('closes the pictures that nobody comes to', async () => {
  const canvas = new OffscreenCanvas(3, 2)
  canvas.getContext('2d')
  const file = await canvas.convertToBlob()
  const close = vi.spyOn(ImageBitmap.prototype, 'close')
  for await (const { opening } of decodeAhead([file, file, file, file, file])) {
    const { rows } = await opening
    rows.close()
    break
  }
  // The one that was come to, and three that were opened ahead.
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(4))
  close.mockRestore()
})
