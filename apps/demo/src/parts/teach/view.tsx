import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import type { Frame } from '../../engine/frame.js'
import type { Classified } from '../../engine/operations.js'
import { openCamera, watch } from '../../state/camera.js'
import { takeFile } from '../../state/files.js'
import { attempt, notice, tell } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { looksLikePicture, readable } from '../../state/picture.js'
import { Answers } from '../../view/answers.js'
import { download } from '../../view/download.js'
import { FileButton } from '../../view/file-button.js'
import { ClassCard } from './class-card.js'
import type { Learned } from './head.js'
import { featuresOf, lessonOf, objection, type TaughtClass } from './lesson.js'
import { Outcome } from './outcome.js'
import './style.css'

const most = 10

let lastKey = 2

const firstClasses: readonly TaughtClass[] = [
  { key: 1, name: 'This', samples: [] },
  { key: 2, name: 'That', samples: [] },
]

/** What the video shows, as a picture file. */
async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  canvas.getContext('2d')!.drawImage(video, 0, 0)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })
}

/** Teach the network classes of the user's own. */
export function Teach(): JSX.Element {
  const [classes, setClasses] = useState(firstClasses)
  const [learned, setLearned] = useState<Learned | null>(null)
  const [training, setTraining] = useState(false)
  const [stream, setStream] = useState<MediaStream | null>(null)
  const [live, setLive] = useState<Classified | null>(null)
  const [playing, setPlaying] = useState(false)
  const video = useRef<HTMLVideoElement>(null)
  const taught = useRef(false)
  const model = opened.value

  // A head belongs to the backbone that it was trained on.
  useEffect(() => {
    taught.current = false
    setLearned(null)
    setLive(null)
  }, [model?.network])

  useEffect(() => {
    const element = video.current
    if (stream === null || element === null) return
    const work = async (frame: Frame, _: number, signal: AbortSignal): Promise<void> => {
      if (!taught.current) return frame.close()
      const result = await ask('teach.classify', [frame])
      if (!signal.aborted) setLive(result)
    }
    const end = watch(element, stream, work, () => setStream(null))
    return () => {
      end()
      setPlaying(false)
    }
  }, [stream])

  const change = (key: number, to: (taught: TaughtClass) => TaughtClass): void =>
    setClasses((now) => now.map((one) => (one.key === key ? to(one) : one)))

  const add = (key: number, file: Blob, name: string): Promise<void> =>
    attempt(`${name} cannot be learned from.`, async () => {
      if (model === null) throw new Error('No model is loaded yet.')
      const own = await readable(file)
      // What cannot be read is refused now, not when the training starts.
      await featuresOf(own, model)
      change(key, (one) => ({ ...one, samples: [...one.samples, { file: own, url: URL.createObjectURL(own) }] }))
    })

  const addFile =
    (key: number) =>
    (file: File): void => {
      if (looksLikePicture(file)) void add(key, file, file.name)
      else tell(`${file.name} is no picture.`, 'Drop JPEG, PNG, WebP or other pictures on a class.')
    }

  const train = (): Promise<void> =>
    attempt('The training ended early.', async () => {
      if (model === null) throw new Error('No model is loaded yet.')
      notice.value = null
      taught.current = false
      setTraining(true)
      try {
        setLearned(await ask('teach.train', [await lessonOf(classes, model)]))
        taught.current = true
      } finally {
        setTraining(false)
      }
    })

  const test = (file: File): Promise<void> =>
    attempt(`${file.name} cannot be classified.`, async () => setLive(await ask('teach.classify', [await readable(file)])))

  const why = model === null ? 'Wait for the model.' : objection(classes)
  return (
    <section aria-labelledby="teach-title">
      <h1 id="teach-title">Teach it</h1>
      <p class="lead">
        Name two to ten classes and show the network a few pictures of each. The loaded network stays as it is; only a new last
        layer is trained, in this page.
      </p>
      <ul class="classes">
        {classes.map((one, index) => (
          <ClassCard
            key={one.key}
            taught={one}
            number={index + 1}
            onName={(name) => change(one.key, (old) => ({ ...old, name }))}
            onFile={addFile(one.key)}
            onFrame={!playing ? null : async () => add(one.key, await frameOf(video.current!), 'What the camera shows')}
            onRemove={classes.length <= 2 ? null : () => setClasses(classes.filter(({ key }) => key !== one.key))}
          />
        ))}
      </ul>
      <div class="actions">
        <button
          type="button"
          disabled={classes.length >= most}
          onClick={() => {
            lastKey += 1
            setClasses([...classes, { key: lastKey, name: `Class ${lastKey}`, samples: [] }])
          }}
        >
          Add a class
        </button>
        {stream === null ? (
          <button type="button" onClick={() => void attempt('No camera.', async () => setStream(await openCamera()))}>
            Use the camera
          </button>
        ) : (
          <button type="button" onClick={() => setStream(null)}>
            Stop the camera
          </button>
        )}
        <button type="button" class="primary" disabled={why !== null || training} onClick={() => void train()}>
          {training ? 'Training…' : 'Train'}
        </button>
        {why !== null && <span class="quiet why-not">{why}</span>}
      </div>
      <div class="columns">
        <div class="card">
          <h2>Training</h2>
          {learned === null ? <p class="quiet">No training yet.</p> : <Outcome learned={learned} />}
        </div>
        <div class="card">
          <h2>Use it</h2>
          {stream !== null && (
            <div class="stage">
              <video ref={video} onPlaying={() => setPlaying(true)} muted playsInline aria-label="What the camera sees" />
            </div>
          )}
          {live !== null && <Answers answers={live.answers} />}
          {learned === null ? (
            <p class="quiet">After the training: live before the camera, or on a picture.</p>
          ) : (
            <div class="actions">
              <FileButton label="Try a picture" accept="image/*" onFile={(file) => void test(file)} />
              <button
                type="button"
                onClick={() =>
                  void attempt('The model was not saved.', async () =>
                    download(new Blob([await ask('teach.save', [])]), 'my-mobilenetv2.safetensors'),
                  )
                }
              >
                Save as safetensors
              </button>
            </div>
          )}
          <h2>Saved before?</h2>
          <p class="quiet small-text">
            A saved file is a whole model with its class names. Loaded, it takes the place of the model above, in every part of this
            site.
          </p>
          <FileButton label="Load a saved model" accept=".safetensors" onFile={(file) => void takeFile(file)} />
        </div>
      </div>
    </section>
  )
}
