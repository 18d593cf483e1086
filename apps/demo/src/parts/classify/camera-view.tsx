import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import type { Frame } from '../../engine/frame.js'
import { watch } from '../../state/camera.js'
import { opened } from '../../state/model.js'
import { live } from './state.js'

/** The camera, each frame of which is classified. */
export function CameraView({ stream, onEnd }: { readonly stream: MediaStream; readonly onEnd: () => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let last = performance.now()
    let perSecond = 0
    let classified = 0
    let dropped = 0
    const work = async (frame: Frame, missed: number, signal: AbortSignal): Promise<void> => {
      const model = opened.value
      if (model === null) return frame.close()
      const answer = await ask('classify', [frame])
      const now = performance.now()
      // An average that forgets, so that the figure can be read.
      perSecond = perSecond === 0 ? 1000 / (now - last) : 0.9 * perSecond + 100 / (now - last)
      last = now
      classified += 1
      dropped += missed
      if (!signal.aborted) live.value = { classified: answer, pace: { perSecond, classified, dropped }, model }
    }
    return watch(video.current!, stream, work, onEnd)
  }, [stream])
  return <video ref={video} muted playsInline aria-label="What the camera sees" />
}
