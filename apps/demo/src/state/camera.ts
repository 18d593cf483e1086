import type { Frame } from '../engine/frame.js'
import { tell } from './messages.js'

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
 * The camera's stream. If there are two cameras, it is that of the one that looks away from the user.
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

/** What the video shows now. A `VideoFrame`, where the browser has them, is only a handle: its pixels are not copied on the page's thread. */
export async function grab(video: HTMLVideoElement): Promise<Frame> {
  return 'VideoFrame' in globalThis ? new VideoFrame(video) : createImageBitmap(video)
}

/** The next frame that the video shows; resolves to how many it has shown since its start. */
function nextFrame(video: HTMLVideoElement): Promise<number> {
  return new Promise((resolve) => video.requestVideoFrameCallback((_, { presentedFrames }) => resolve(presentedFrames)))
}

/** Works on one frame, which it closes; is told how many frames were dropped since the last one. */
type Work = (frame: Frame, dropped: number, signal: AbortSignal) => Promise<void>

/** Works on a video's frames, one at a time; those that come meanwhile are dropped, never queued. */
async function eachFrame(video: HTMLVideoElement, signal: AbortSignal, work: Work): Promise<void> {
  let last: number | null = null
  while (!signal.aborted) {
    const presented = await nextFrame(video)
    if (signal.aborted) return
    const dropped: number = last === null ? 0 : Math.max(0, presented - last - 1)
    last = presented
    await work(await grab(video), dropped, signal)
  }
}

/**
 * Shows the camera on a video element and works on its frames. Where that fails or the camera is taken away, the user is told, and
 * `onEnd` called.
 * @returns a function that ends the work, so that the camera's light goes out; it also aborts the signal that `work` is given
 */
export function watch(video: HTMLVideoElement, stream: MediaStream, work: Work, onEnd: () => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const fail = (error: unknown): void => {
    if (signal.aborted) return
    tell('The camera stopped.', error)
    onEnd()
  }
  const gone = new Error('It was taken away. Connect it and use it again, or drop a picture instead.')
  for (const track of stream.getTracks()) track.addEventListener('ended', () => fail(gone), { signal })
  video.srcObject = stream
  void video
    .play()
    .then(() => eachFrame(video, signal, work))
    .catch(fail)
  return () => {
    ended.abort()
    for (const track of stream.getTracks()) track.stop()
  }
}
