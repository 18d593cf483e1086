import { abortable, type Global, MobileNetV2Error, onAbort } from '@mobilenetv2/spec'
import type { Answer } from './answers.js'
import { firstAbort } from './first-abort.js'

/** The answers for one frame of a video. */
export interface FrameAnswers {
  /** The most probable classes, best first. */
  readonly answers: readonly Answer[]
  /** Time from the start of the frame's classification to its answers, in milliseconds. */
  readonly milliseconds: number
  /** Frames that the video showed between the previous classified frame and this one; 0 if the browser does not count them. */
  readonly dropped: number
}

/** The interval at which the video is checked, in milliseconds. It must be polled: no event tells that the page stopped a track. */
const watchInterval = 200

/** Gives a function that tells whether the video is over: no further frame can come. A video that has no source yet is not over. */
function watchVideo(video: HTMLVideoElement): () => boolean {
  let source: MediaProvider | string | null = null
  let wasInDocument = false
  let hadTrack = false
  return () => {
    const { srcObject, networkState, error } = video
    // If the source is removed, `currentSrc` keeps its old value.
    const isLoaded = networkState === video.NETWORK_IDLE || networkState === video.NETWORK_LOADING
    const now = isLoaded ? (srcObject ?? video.currentSrc) : null
    const isGone = source !== null && now !== source
    source ??= now
    if (error !== null && !isGone) {
      throw new MobileNetV2Error('IMAGE', 'The video cannot be played.', {
        where: video.currentSrc,
        got: error.message || `media error ${error.code}`,
      })
    }
    const tracks = srcObject !== null && 'getVideoTracks' in srcObject ? srcObject.getVideoTracks() : null
    // A stream may get its track later.
    hadTrack ||= tracks !== null && tracks.length > 0
    const isStopped = hadTrack && tracks?.every(({ readyState }) => readyState === 'ended')
    wasInDocument ||= video.isConnected
    // Browsers pause a video that is removed from the document. If it plays all the same, the page wants that.
    const isRemoved = wasInDocument && !video.isConnected && video.paused
    return video.ended || isGone || isStopped || isRemoved
  }
}

/** Calls `callback` at the next frame with the number of frames that the video has shown so far. Gives a function that cancels this. */
function requestFrame(video: HTMLVideoElement, callback: (shown: number) => void): () => void {
  if (typeof video.requestVideoFrameCallback === 'function') {
    const request = video.requestVideoFrameCallback((_, { presentedFrames }) => callback(presentedFrames))
    return () => video.cancelVideoFrameCallback(request)
  }
  const ask = (): void => {
    if (video.readyState >= video.HAVE_CURRENT_DATA) callback(video.getVideoPlaybackQuality().totalVideoFrames)
    else request = requestAnimationFrame(ask)
  }
  let request = requestAnimationFrame(ask)
  return () => cancelAnimationFrame(request)
}

/** Waits for the next frame and gives the number of frames shown so far; null if the video is over or the signal is aborted. */
function nextFrame(video: HTMLVideoElement, isOver: () => boolean, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearInterval(timer)
      forget()
      leave()
    }
    const settle = (shown: number | null): void => {
      stop()
      resolve(shown)
    }
    const check = (): void => {
      try {
        if (signal.aborted || isOver()) settle(null)
      } catch (error) {
        stop()
        reject(error)
      }
    }
    const timer = setInterval(check, watchInterval)
    const forget = requestFrame(video, settle)
    const leave = onAbort(signal, () => settle(null))
    check()
  })
}

/**
 * Classifies frames as `Model.webcam` describes.
 * @param classify classifies the frame that the video shows at the call
 * @param user the caller's signal
 * @param life the model's signal, aborted by `dispose`
 */
export async function classifyFrames(
  classify: (video: Global<'HTMLVideoElement'>) => Promise<readonly Answer[]>,
  video: Global<'HTMLVideoElement'>,
  callback: (frame: FrameAnswers) => void | Promise<void>,
  user?: Global<'AbortSignal'>,
  life?: Global<'AbortSignal'>,
): Promise<void> {
  const isOver = watchVideo(video)
  const { signal, release } = firstAbort([user, life])
  let last: number | null = null
  try {
    for (;;) {
      const shown = await nextFrame(video, isOver, signal)
      if (shown === null) return
      const start = performance.now()
      const answers = await classify(video)
      const dropped = last === null ? 0 : Math.max(0, shown - last - 1)
      last = shown
      await abortable(Promise.resolve(callback({ answers, milliseconds: performance.now() - start, dropped })), signal)
    }
  } catch (error) {
    // If the source is removed while a frame is read, reading fails with `IMAGE`. That is the end of the video and not an error.
    const isGone = error instanceof MobileNetV2Error && error.code === 'IMAGE' && video.error === null && isOver()
    if (!isGone && !(signal.aborted && error === signal.reason)) throw error
  } finally {
    release()
  }
}
