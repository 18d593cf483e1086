import type { Global } from '@mobilenetv2/spec'
import type { Answer } from './answers.js'

/** The answers for one frame of a video. */
export interface FrameAnswers {
  readonly answers: readonly Answer[]
  /** Time from the start of the frame's classification to its answers. */
  readonly milliseconds: number
  /** Frames that the video showed between the previous classified frame and this one; 0 if the browser does not count them. */
  readonly dropped: number
}

/** Calls `callback` at the next frame with the number of frames that the video has shown so far. Stops if `settled` is aborted first. */
function requestFrame(video: HTMLVideoElement, settled: AbortSignal, callback: (shown: number) => void): void {
  if (typeof video.requestVideoFrameCallback === 'function') {
    video.requestVideoFrameCallback((_, { presentedFrames }) => callback(presentedFrames))
    return
  }
  requestAnimationFrame(() => {
    if (video.readyState >= video.HAVE_CURRENT_DATA) callback(video.getVideoPlaybackQuality().totalVideoFrames)
    else if (!settled.aborted) requestFrame(video, settled, callback)
  })
}

/** Waits for the next frame and gives the number of frames shown so far; null if the video ends or the signal is aborted. */
function nextFrame(video: HTMLVideoElement, signal: AbortSignal | undefined): Promise<number | null> {
  return new Promise((resolve) => {
    const settled = new AbortController()
    const settle = (shown: number | null): void => {
      settled.abort()
      resolve(shown)
    }
    const end = (): void => settle(null)
    if (signal?.aborted || video.ended) return end()
    signal?.addEventListener('abort', end, { signal: settled.signal })
    video.addEventListener('ended', end, { signal: settled.signal })
    requestFrame(video, settled.signal, settle)
  })
}

/** Classifies frames as `Model.webcam` says; `classify` reads the frame that the video shows when it is called. */
export async function classifyFrames(
  classify: (video: Global<'HTMLVideoElement'>) => Promise<readonly Answer[]>,
  video: Global<'HTMLVideoElement'>,
  callback: (frame: FrameAnswers) => void | Promise<void>,
  signal?: Global<'AbortSignal'>,
): Promise<void> {
  let last: number | null = null
  try {
    for (let shown = await nextFrame(video, signal); shown !== null; shown = await nextFrame(video, signal)) {
      const start = performance.now()
      const answers = await classify(video)
      const dropped = last === null ? 0 : Math.max(0, shown - last - 1)
      last = shown
      await callback({ answers, milliseconds: performance.now() - start, dropped })
    }
  } catch (error) {
    if (signal === undefined || error !== signal.reason) throw error
  }
}
