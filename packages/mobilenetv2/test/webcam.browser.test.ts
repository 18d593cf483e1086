import { afterEach, expect, it } from 'vitest'
import { load } from '../src/load.js'
import { classifyFrames, type FrameAnswers } from '../src/webcam.js'

let stop = (): void => {}

afterEach(() => stop())

/** A video of a canvas that is painted again and again, as a camera's would be. */
async function camera(): Promise<{ video: HTMLVideoElement; stream: MediaStream }> {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const context = canvas.getContext('2d')!
  let hue = 0
  const painting = setInterval(() => {
    context.fillStyle = `hsl(${hue++}, 80%, 50%)`
    context.fillRect(0, 0, 64, 48)
  }, 10)
  const stream = canvas.captureStream()
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  stop = () => {
    clearInterval(painting)
    for (const track of stream.getTracks()) track.stop()
  }
  await video.play()
  return { video, stream }
}

/** Waits until the video has shown some more frames. */
async function frames(video: HTMLVideoElement, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
}

const answers = [{ index: 0, label: 'colour', probability: 1 }]

/** Runs on a camera until `count` callbacks were called: what they got, and how many frames were worked on at once. */
async function runFor(count: number, classifying: number, calling: number): Promise<{ got: FrameAnswers[]; mostAtOnce: number }> {
  const { video } = await camera()
  const controller = new AbortController()
  const got: FrameAnswers[] = []
  let atOnce = 0
  let mostAtOnce = 0
  await classifyFrames(
    async () => {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce)
      await frames(video, classifying)
      return answers
    },
    video,
    async (frame) => {
      got.push(frame)
      await frames(video, calling)
      atOnce--
      if (got.length === count) controller.abort()
    },
    controller.signal,
  )
  return { got, mostAtOnce }
}

it.each([
  ['classification', 4, 0],
  ['callback', 0, 4],
])('drops the frames that come during a slow %s, and queues none', async (_, classifying, calling) => {
  const { got, mostAtOnce } = await runFor(4, classifying, calling)
  expect(got).toHaveLength(4)
  expect(mostAtOnce).toBe(1)
  expect(got[0]).toMatchObject({ answers, dropped: 0, milliseconds: expect.any(Number) })
  for (const { dropped } of got.slice(1)) expect(dropped).toBeGreaterThanOrEqual(3)
})

it('stops when its signal is aborted, before the first frame, between two or in the middle of one', async () => {
  const { video } = await camera()
  const controller = new AbortController()
  const hanging = classifyFrames(
    () => new Promise((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason))),
    video,
    () => expect.unreachable(),
    controller.signal,
  )
  const waiting = classifyFrames(
    () => expect.unreachable(),
    document.createElement('video'),
    () => {},
    controller.signal,
  )
  await frames(video, 2)
  controller.abort(new Error('enough'))
  await Promise.all([hanging, waiting])
  await classifyFrames(
    () => expect.unreachable(),
    video,
    () => {},
    controller.signal,
  )
})

it('ends when a film does', async () => {
  const { video, stream } = await camera()
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  recorder.start()
  await frames(video, 3)
  const recorded = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.stop()
  await recorded
  const film = document.createElement('video')
  film.muted = true
  film.src = URL.createObjectURL(new Blob(parts))
  let count = 0
  const classifying = classifyFrames(
    async () => answers,
    film,
    () => {
      count++
    },
  )
  await film.play()
  await classifying
  expect(count).toBeGreaterThanOrEqual(1)
  await classifyFrames(
    () => expect.unreachable(),
    film,
    () => {},
  )
})

it('hands on what went wrong, and does not go on', async () => {
  const { video } = await camera()
  let calls = 0
  const failing = async (): Promise<never> => {
    calls++
    throw new Error('no device')
  }
  await expect(classifyFrames(failing, video, () => {})).rejects.toThrow('no device')
  const throwing = (): void => {
    calls++
    throw new Error('no element')
  }
  await expect(classifyFrames(async () => answers, video, throwing)).rejects.toThrow('no element')
  await frames(video, 3)
  expect(calls).toBe(2)
})

it('goes by animation frames where a browser does not tell of those of a video', async () => {
  const { video } = await camera()
  Object.defineProperty(video, 'requestVideoFrameCallback', { value: undefined })
  const controller = new AbortController()
  let count = 0
  await classifyFrames(
    async () => answers,
    video,
    () => {
      if (++count === 3) controller.abort()
    },
    controller.signal,
  )
  expect(count).toBe(3)
})

it('classifies a camera with a real model', async () => {
  using model = await load('nsfw-1.4-224')
  const { video } = await camera()
  const controller = new AbortController()
  const got: FrameAnswers[] = []
  await model.webcam(
    video,
    (frame) => {
      got.push(frame)
      if (got.length === 3) controller.abort()
    },
    { top: 2, signal: controller.signal },
  )
  expect(got.map((frame) => frame.answers.length)).toEqual([2, 2, 2])
  await expect(model.webcam(video, () => {}, { top: 0 })).rejects.toMatchObject({ code: 'OPTION' })
})
