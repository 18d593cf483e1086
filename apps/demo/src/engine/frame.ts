/** A frame of a video. It is handed over to the engine, which closes it. */
export type Frame = ImageBitmap | VideoFrame

/** Whether a value is a frame of a video. */
export const isFrame = (value: unknown): value is Frame =>
  value instanceof ImageBitmap || ('VideoFrame' in globalThis && value instanceof VideoFrame)
