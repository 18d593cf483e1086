import type { ComponentChildren, JSX } from 'preact'
import { busy } from '../../state/busy.js'
import { openCamera } from '../../state/camera.js'
import { takeFile } from '../../state/files.js'
import { attempt } from '../../state/messages.js'
import { opened, status } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { Answers, TimeSplit } from '../../view/answers.js'
import { answerTitle } from '../../view/class-name.js'
import { UseThis } from '../../view/code.js'
import { Examples } from '../../view/examples.js'
import { FileButton } from '../../view/file-button.js'
import { Stage } from '../../view/stage.js'
import { CameraView } from './camera-view.js'
import { codeOf } from './code.js'
import { NoModel } from './no-model.js'
import { PictureView } from './picture-view.js'
import { heated, live, result, spoken, stream } from './state.js'
import './style.css'

const stop = (): void => {
  stream.value = null
  live.value = null
}

const startCamera = (): Promise<void> =>
  attempt('The camera was not started.', async () => {
    stream.value = await openCamera()
  })

const show = (file: File): void => {
  stop()
  void takeFile(file)
}

const sum = ({ decode, preprocess, network }: { decode: number; preprocess: number; network: number }): number =>
  decode + preprocess + network

/** The line under the best answer: what it took, or what is waited for. */
function note(): ComponentChildren {
  if (result.value !== null) {
    const took = `${Math.max(1, Math.round(sum(result.value.times)))} ms`
    if (busy.value !== null) return `${took}. ${busy.value}`
    const pace = live.value?.pace
    return pace === undefined
      ? `${took}, nothing uploaded`
      : `${took} · ${pace.perSecond.toFixed(pace.perSecond < 10 ? 1 : 0)} frames a second · nothing uploaded`
  }
  if (busy.value !== null) return busy.value
  const now = status.value
  switch (now.kind) {
    case 'starting':
    case 'compiling':
      return 'The network is starting…'
    case 'downloading':
      return now.total === null || now.loaded === 0
        ? 'The network is on its way…'
        : `The network is on its way: ${(now.loaded / 1e6).toFixed(1)} of ${(now.total / 1e6).toFixed(1)} MB`
    case 'ready':
      return picture.value === null && stream.value === null ? null : 'Looking…'
    case 'empty':
      return null
    default:
      return now satisfies never
  }
}

function Shown(): JSX.Element {
  if (stream.value !== null) return <CameraView stream={stream.value} onEnd={stop} />
  if (picture.value !== null) return <PictureView chosen={picture.value} />
  return (
    <div class="picture empty">
      <FileButton label="Choose a picture, or drop one anywhere" accept="image/*" onFile={show} />
    </div>
  )
}

function HeatToggle(): JSX.Element {
  const toggle = (): void => {
    heated.value = !heated.value
  }
  return (
    <button type="button" class="heat-toggle" aria-pressed={heated.value} onClick={toggle}>
      Where it looks
    </button>
  )
}

/** What the colours are, or what the example shows. */
function Caption(): JSX.Element | null {
  const example = picture.value?.example
  if (heated.value)
    return (
      <p class="quiet small-text caption">
        Yellow is where the network finds most of its answer. The colours cover the part of the picture that it is given.
      </p>
    )
  return example ? <p class="quiet small-text caption">{example.caption} Or drop, or paste, a picture of yours.</p> : null
}

/** The answers in full, and what they took. */
function Details(): JSX.Element {
  const now = result.value
  const pace = live.value?.pace
  return (
    <div class="details">
      <h2 class="small">What it sees</h2>
      {now === null ? (
        <p class="quiet answers-wait">{status.value.kind === 'empty' ? 'No network, no answer.' : 'One moment…'}</p>
      ) : (
        <Answers answers={now.answers} nameOf={answerTitle} />
      )}
      {stream.value === null && picture.value?.example?.remark && (opened.value?.network.classes.labels.length ?? 0) >= 1000 && (
        <p class="remark">{picture.value.example.remark}</p>
      )}
      {now !== null && (
        <details class="where-time">
          <summary>Where the {sum(now.times).toFixed(0)} ms go</summary>
          <TimeSplit times={now.times} />
          <p class="quiet small-text">{opened.value?.device}</p>
        </details>
      )}
      {pace !== undefined && (
        <p class="quiet small-text pace">
          {pace.perSecond.toFixed(1)} frames a second. {pace.classified} were classified; {pace.dropped} came meanwhile and were
          left out.
        </p>
      )}
    </div>
  )
}

/** The opening: a picture that is already classified; then one of the visitor's, or the camera. */
export function Classify(): JSX.Element {
  const filming = stream.value !== null
  return (
    <section class="classify" aria-labelledby="classify-title">
      <h1 id="classify-title">A 4 MB neural network, running in your browser</h1>
      <p class="lead">MobileNetV2 says what a picture shows. It answers on this machine; no picture is uploaded.</p>
      <div class="opening">
        <div class="seen">
          <Stage answers={result.value?.answers ?? null} nameOf={answerTitle} note={note()}>
            <Shown />
            {!filming && result.value !== null && <HeatToggle />}
          </Stage>
          <p class="unseen" aria-live="polite">
            {spoken.value}
          </p>
          <div class="actions choose">
            {filming ? (
              <button type="button" class="primary" onClick={stop}>
                Stop the camera
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => void startCamera()}>
                Use the camera
              </button>
            )}
            <FileButton label="Your picture" accept="image/*" onFile={show} />
          </div>
          <Examples onChoose={stop} />
          {!filming && <Caption />}
        </div>
        {status.value.kind === 'empty' ? <NoModel /> : <Details />}
      </div>
      <UseThis code={codeOf()} page="getting-started.md" about="Getting started" />
    </section>
  )
}
