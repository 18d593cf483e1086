import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Frame } from '../../engine/frame.js'
import { watch } from '../../state/camera.js'
import { type Example, examples } from '../../state/examples.js'
import { attempt } from '../../state/messages.js'
import { FileButton } from '../../view/file-button.js'
import { percent } from '../../view/numbers.js'
import { Stage } from '../../view/stage.js'
import { answering, type Bar, barsFor, chosen, imported } from './preview-state.js'
import { borrowCamera, giveBack } from './shared-camera.js'
import { Thumb } from './thumb.js'

function Bars({ bars }: { readonly bars: readonly Bar[] }): JSX.Element {
  const best = Math.max(...bars.map(({ probability }) => probability))
  return (
    <ul class="class-bars">
      {bars.map(({ name, probability, number }, index) => (
        <li
          key={index}
          data-best={probability === best}
          style={{ '--class-colour': number === null ? 'var(--accent)' : `var(--class-${number})` }}
        >
          <span class="label">{name}</span>
          <span class="value">{percent(probability)}</span>
          <span class="track" aria-hidden="true">
            <span style={{ transform: `scaleX(${probability})` }} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function CameraPreview({
  onBars,
  onEnd,
}: {
  readonly onBars: (bars: readonly Bar[]) => void
  readonly onEnd: () => void
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let stop: (() => void) | null = null
    let open = true
    const work = async (frame: Frame, _: number, signal: AbortSignal): Promise<void> => {
      if (answering.value === null) return frame.close()
      const bars = await barsFor(frame, 'What the camera shows')
      if (!signal.aborted) onBars(bars)
    }
    void attempt('No camera.', async () => {
      const stream = await borrowCamera().catch((error: unknown) => {
        onEnd()
        throw error
      })
      if (!open) return giveBack(stream)
      const unwatch = watch(video.current!, stream, work, onEnd)
      stop = () => {
        unwatch()
        giveBack(stream)
      }
    })
    return () => {
      open = false
      stop?.()
    }
  }, [])
  return <video ref={video} muted playsInline aria-label="What the camera sees" />
}

/** The pictures of this site, to try one. */
function ExampleStrip({ onChoose }: { readonly onChoose: () => void }): JSX.Element {
  const choose = ({ url, name }: Example): Promise<void> =>
    attempt('The picture was not loaded. Check that you are online.', async () => {
      const file = await (await fetch(url)).blob()
      onChoose()
      chosen.value = { file, name: name.replaceAll('-', ' ') }
    })
  return (
    <ul class="examples" aria-label="Pictures to try">
      {examples.map((example) => (
        <li key={example.name}>
          <button type="button" onClick={() => void choose(example)}>
            <img src={example.thumbnail} alt={example.name.replaceAll('-', ' ')} width="64" height="64" loading="lazy" />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The last column: what the taught network says, live before the camera or of a picture. */
export function Preview(): JSX.Element {
  const [bars, setBars] = useState<readonly Bar[] | null>(null)
  const [camera, setCamera] = useState(false)
  const by = answering.value
  const picture = chosen.value

  useEffect(() => {
    setBars(null)
    if (by === null) setCamera(false)
  }, [by])
  useEffect(() => {
    if (picture === null || by === null) return
    let current = true
    void attempt(`${picture.name} cannot be classified.`, async () => {
      const found = await barsFor(picture.file, picture.name)
      if (current) setBars(found)
    })
    return () => {
      current = false
    }
  }, [picture, by])

  const best = bars?.toSorted((a, b) => b.probability - a.probability)[0]
  const answers = best === undefined || by === null ? null : [{ index: 0, label: best.name, probability: best.probability }]
  return (
    <section class="preview" aria-labelledby="preview-title">
      <h2 id="preview-title">Preview</h2>
      <Stage answers={answers}>
        {by === null ? (
          <p>Train first. Then hold something before the camera here, or try a picture.</p>
        ) : camera ? (
          <CameraPreview onBars={setBars} onEnd={() => setCamera(false)} />
        ) : picture !== null ? (
          <Thumb file={picture.file} alt={picture.name} />
        ) : (
          <p>{by === 'imported' ? `${imported.value?.name} answers here.` : 'It has learned.'} Show it something.</p>
        )}
      </Stage>
      {by !== null && (
        <>
          <p class="unseen" role="status">
            {!camera && best?.name}
          </p>
          {bars !== null && <Bars bars={bars} />}
          <div class="actions">
            <button
              type="button"
              class={camera ? '' : 'primary'}
              onClick={() => {
                chosen.value = null
                setBars(null)
                setCamera(!camera)
              }}
            >
              {camera ? 'Stop the camera' : 'Camera'}
            </button>
            <FileButton
              label="Try a picture"
              accept="image/*"
              onFile={(file) => {
                setCamera(false)
                chosen.value = { file, name: file.name }
              }}
            />
          </div>
          <ExampleStrip onChoose={() => setCamera(false)} />
        </>
      )}
    </section>
  )
}
