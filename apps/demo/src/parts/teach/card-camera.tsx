import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { grab } from '../../state/camera.js'
import { attempt, tell } from '../../state/messages.js'
import { borrowCamera, giveBack } from './shared-camera.js'
import { addPicture } from './state.js'

/** Milliseconds between two pictures while the button is held. */
const pause = 150

interface CardCameraProps {
  readonly classKey: number
  readonly name: string
  readonly onEnd: () => void
}

/** The camera in a class: what it sees, and a button that records for as long as it is held. */
export function CardCamera({ classKey, name, onEnd }: CardCameraProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  const [playing, setPlaying] = useState(false)
  const [recorded, setRecorded] = useState<number | null>(null)
  const turn = useRef(0)

  useEffect(() => {
    let open = true
    let borrowed: MediaStream | null = null
    void borrowCamera()
      .then((stream) => {
        borrowed = stream
        if (!open) return giveBack(stream)
        for (const track of stream.getTracks()) track.addEventListener('ended', onEnd)
        video.current!.srcObject = stream
        return video.current!.play()
      })
      .catch((error: unknown) => {
        if (!open) return
        tell('No camera.', error)
        onEnd()
      })
    return () => {
      open = false
      turn.current += 1
      if (borrowed !== null) giveBack(borrowed)
    }
  }, [])

  const release = (): void => {
    turn.current += 1
    setRecorded(null)
  }
  const record = (): Promise<void> =>
    attempt('The recording ended early.', async () => {
      const mine = ++turn.current
      try {
        for (let count = 1; turn.current === mine; count++) {
          setRecorded(count)
          await addPicture(classKey, await grab(video.current!), 'What the camera shows')
          await new Promise((resolve) => setTimeout(resolve, pause))
        }
      } finally {
        if (turn.current === mine) release()
      }
    })

  return (
    <div class="card-camera" data-recording={recorded !== null}>
      <div class="viewfinder">
        <video ref={video} onPlaying={() => setPlaying(true)} muted playsInline aria-label={`What the camera sees, for ${name}`} />
        <p class="recording" role="status">
          {recorded !== null && (
            <>
              <span class="light" aria-hidden="true" /> Recording
            </>
          )}
        </p>
      </div>
      <div class="actions">
        <button
          type="button"
          class="primary hold"
          disabled={!playing}
          onPointerDown={() => void record()}
          onPointerUp={release}
          onPointerLeave={release}
          onPointerCancel={release}
          onContextMenu={(event) => event.preventDefault()}
          onKeyDown={({ key, repeat }) => {
            if ((key === 'Enter' || key === ' ') && !repeat) void record()
          }}
          onKeyUp={release}
          onBlur={release}
        >
          Hold to record
        </button>
        <button type="button" onClick={onEnd}>
          Close the camera
        </button>
      </div>
    </div>
  )
}
