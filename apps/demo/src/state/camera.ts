import type { Frame } from '../engine/operations.js'

/** The sentence for a camera that cannot be had. */
function sentence(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  switch (name) {
    case 'NotAllowedError':
      return 'The camera was refused. Allow it in the settings of the browser for this page, or drop a picture instead.'
    case 'NotFoundError':
      return 'There is no camera here. Connect one, or drop a picture instead.'
    case 'NotReadableError':
      return 'The camera is in use by another program. Close that one, or drop a picture instead.'
    default:
      return `The camera cannot be used (${error instanceof Error ? error.message : String(error)}). Drop a picture instead.`
  }
}

/**
 * The camera's stream, the one that looks away from the user where there are two.
 * @throws Error with a sentence for the user where it cannot be had
 */
export async function openCamera(): Promise<MediaStream> {
  try {
    if (!('mediaDevices' in navigator)) throw new Error('this page has no access to cameras: it must come by https')
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: 640, height: 480 } })
  } catch (cause) {
    throw new Error(sentence(cause), { cause })
  }
}

/** Ends a stream, so that the camera's light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** What the video shows now. A `VideoFrame`, where the browser has them, is only a handle: its pixels are not copied on the page's thread. */
async function grab(video: HTMLVideoElement): Promise<Frame> {
  return 'VideoFrame' in globalThis ? new VideoFrame(video) : createImageBitmap(video)
}

/** The next frame that the video shows; resolves to how many it has shown since its start. */
function nextFrame(video: HTMLVideoElement): Promise<number> {
  return new Promise((resolve) => video.requestVideoFrameCallback((_, { presentedFrames }) => resolve(presentedFrames)))
}

/**
 * Works on a video's frames, one at a time; those that come meanwhile are dropped, never queued.
 * @param work is told how many frames were dropped since the last one
 */
export async function eachFrame(
  video: HTMLVideoElement,
  signal: AbortSignal,
  work: (frame: Frame, dropped: number) => Promise<void>,
): Promise<void> {
  let last: number | null = null
  while (!signal.aborted) {
    const presented = await nextFrame(video)
    if (signal.aborted) return
    const dropped: number = last === null ? 0 : Math.max(0, presented - last - 1)
    last = presented
    await work(await grab(video), dropped)
  }
}
