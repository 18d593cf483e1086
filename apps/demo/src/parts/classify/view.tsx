import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import type { Frame } from '../../engine/frame.js'
import type { Classified } from '../../engine/operations.js'
import { openCamera, watch } from '../../state/camera.js'
import { takeFile } from '../../state/files.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { Answers, TimeSplit } from '../../view/answers.js'
import { Examples } from '../../view/examples.js'
import { FileButton } from '../../view/file-button.js'
import { percent } from '../../view/numbers.js'

/** What the camera has done so far. */
interface Pace {
  readonly perSecond: number
  readonly classified: number
  readonly dropped: number
}

function CameraView({
  stream,
  onResult,
  onEnd,
}: {
  readonly stream: MediaStream
  readonly onResult: (result: Classified, pace: Pace) => void
  readonly onEnd: () => void
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let last = performance.now()
    let perSecond = 0
    let classified = 0
    let dropped = 0
    const work = async (frame: Frame, missed: number, signal: AbortSignal): Promise<void> => {
      if (opened.value === null) return frame.close()
      const result = await ask('classify', [frame])
      const now = performance.now()
      // An average that forgets, so that the figure can be read.
      perSecond = perSecond === 0 ? 1000 / (now - last) : 0.9 * perSecond + 100 / (now - last)
      last = now
      classified += 1
      dropped += missed
      if (!signal.aborted) onResult(result, { perSecond, classified, dropped })
    }
    return watch(video.current!, stream, work, onEnd)
  }, [stream])
  return <video ref={video} muted playsInline aria-label="What the camera sees" />
}

/** Classify a picture or what the camera sees. */
export function Classify(): JSX.Element {
  const [result, setResult] = useState<Classified | null>(null)
  const [stream, setStream] = useState<MediaStream | null>(null)
  const [pace, setPace] = useState<Pace | null>(null)
  const best = result?.answers[0]
  const chosen = picture.value
  const model = opened.value

  useEffect(() => {
    if (chosen === null || model === null || stream !== null) return
    let current = true
    void attempt(`${chosen.name} cannot be classified.`, async () => {
      try {
        const answer = await ask('classify', [chosen.file])
        if (current) setResult(answer)
      } catch (error) {
        // Of a picture that is no longer looked at, nobody wants to know.
        if (!current) return
        setResult(null)
        throw error
      }
    })
    return () => {
      current = false
    }
  }, [chosen, model, stream])

  const stop = (): void => {
    setStream(null)
    setPace(null)
  }
  const startCamera = (): Promise<void> => attempt('No camera.', async () => setStream(await openCamera()))
  const show = (file: File): void => {
    stop()
    void takeFile(file)
  }

  return (
    <section class="classify" aria-labelledby="classify-title">
      <h1 id="classify-title">What is in the picture?</h1>
      <div class="columns">
        <div class="card">
          <div class="stage">
            {stream !== null ? (
              <CameraView
                stream={stream}
                onResult={(answer, now) => {
                  setResult(answer)
                  setPace(now)
                }}
                onEnd={stop}
              />
            ) : chosen !== null ? (
              <img src={chosen.url} alt={chosen.name} />
            ) : (
              <p>Drop a picture here, paste one, choose one below, or use the camera.</p>
            )}
          </div>
          <div class="actions">
            <FileButton label="Choose a picture" accept="image/*" primary onFile={show} />
            {stream === null ? (
              <button type="button" onClick={() => void startCamera()}>
                Use the camera
              </button>
            ) : (
              <button type="button" onClick={stop}>
                Stop the camera
              </button>
            )}
          </div>
          <h2 class="small">Or one of these drawings</h2>
          <Examples onChoose={stop} />
        </div>
        <div class="card">
          <h2>The network's answers</h2>
          <p class="unseen" aria-live="polite">
            {best !== undefined && stream === null && `${best.label}, ${percent(best.probability)}`}
          </p>
          {result === null ? <p class="quiet">None yet.</p> : <Answers answers={result.answers} />}
          {result !== null && (
            <>
              <h2>Where the time goes</h2>
              <TimeSplit times={result.times} />
            </>
          )}
          {pace !== null && (
            <p class="quiet pace">
              {pace.perSecond.toFixed(1)} frames a second; {pace.classified} classified, {pace.dropped} dropped, none queued.
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
