import { provideNsfwjs } from '@mobilenetv2/zoo/nsfwjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { load } from '../src/load.js'
import { classifyFrames, type FrameAnswers } from '../src/webcam.js'

provideNsfwjs()

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

/** Records some frames of a camera as the address of a film. */
async function film(): Promise<string> {
  const { video, stream } = await camera()
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  recorder.start()
  await frames(video, 10)
  const recorded = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.stop()
  await recorded
  return URL.createObjectURL(new Blob(parts))
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
  const video = document.createElement('video')
  video.muted = true
  video.src = await film()
  let count = 0
  const classifying = classifyFrames(
    async () => answers,
    video,
    () => {
      count++
    },
  )
  await video.play()
  await classifying
  expect(count).toBeGreaterThanOrEqual(1)
  await classifyFrames(
    () => expect.unreachable(),
    video,
    () => {},
  )
})

it('rejects with the first error, and stops', async () => {
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

it('uses animation frames if a browser lacks requestVideoFrameCallback', async () => {
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

/** Classifies a video, and calls `goAway` at its first frame. Settles when the video is over. */
async function untilGone(video: HTMLVideoElement, goAway: () => void): Promise<void> {
  let isGone = false
  await classifyFrames(
    async () => answers,
    video,
    () => {
      if (!isGone) goAway()
      isGone = true
    },
  )
  expect(isGone).toBe(true)
}

/** Listeners and timers of a video and its stream that are still there. */
function countListeners(...targets: EventTarget[]): () => number {
  const added = targets.map((target) => vi.spyOn(target, 'addEventListener'))
  const removed = targets.map((target) => vi.spyOn(target, 'removeEventListener'))
  const timers = [vi.spyOn(window, 'setInterval'), vi.spyOn(window, 'clearInterval')]
  return () => {
    const calls = (spies: { mock: { calls: unknown[] } }[]): number =>
      spies.reduce((total, { mock }) => total + mock.calls.length, 0)
    const left = calls(added) - calls(removed) + calls([timers[0]!]) - calls([timers[1]!])
    vi.restoreAllMocks()
    return left
  }
}

describe('ends when the camera or the film goes away, and leaves no listener and no timer', () => {
  it.each<[string, (video: HTMLVideoElement, stream: MediaStream) => void]>([
    ['the page stops the track', (_, stream) => stream.getTracks()[0]!.stop()],
    ['the track is taken from the stream', (_, stream) => stream.removeTrack(stream.getTracks()[0]!)],
    ['the stream is taken from the video', (video) => (video.srcObject = null)],
    ['another stream is given', (video) => (video.srcObject = document.createElement('canvas').captureStream())],
    ['a film is given in its place', (video) => ([video.srcObject, video.src] = [null, 'data:video/webm;base64,'])],
    ['the video is removed from the document', (video) => video.remove()],
  ])('%s', async (_, goAway) => {
    const { video, stream } = await camera()
    document.body.append(video)
    const left = countListeners(video, stream)
    await untilGone(video, () => goAway(video, stream))
    expect(left()).toBe(0)
    video.remove()
  })

  it('and had gone before', async () => {
    const { video } = await camera()
    stop()
    await classifyFrames(
      () => expect.unreachable(),
      video,
      () => {},
    )
  })

  it('the track ends while a sound goes on', async () => {
    const { video, stream } = await camera()
    const sound = new AudioContext().createMediaStreamDestination().stream.getTracks()[0]!
    stream.addTrack(sound)
    await untilGone(video, () => stream.getVideoTracks()[0]!.stop())
    expect(stream.active).toBe(true)
  })

  it.each<[string, (video: HTMLVideoElement) => void]>([
    [
      'the source of a film is taken away',
      (video) => {
        video.removeAttribute('src')
        video.load()
      },
    ],
    ['another film is given', (video) => (video.src = `${video.src}#t=0`)],
  ])('%s', async (_, goAway) => {
    const video = document.createElement('video')
    video.muted = true
    video.loop = true
    video.src = await film()
    await video.play()
    await untilGone(video, () => goAway(video))
  })
})

it('rejects if the video breaks', async () => {
  const video = document.createElement('video')
  video.src = URL.createObjectURL(new Blob(['no film']))
  const classifying = classifyFrames(
    () => expect.unreachable(),
    video,
    () => {},
  )
  await expect(classifying).rejects.toMatchObject({ code: 'IMAGE', message: expect.stringContaining('video') })
})

it('waits while the video is paused, has no source yet, or is moved in the document', async () => {
  const { video, stream } = await camera()
  document.body.append(video)
  video.srcObject = null
  const controller = new AbortController()
  let count = 0
  let settled = false
  const classifying = classifyFrames(
    async () => answers,
    video,
    () => void count++,
    controller.signal,
  ).finally(() => {
    settled = true
  })
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500))
  await pause()
  expect({ settled, count }).toEqual({ settled: false, count: 0 })
  video.srcObject = stream
  await video.play()
  await frames(video, 3)
  video.pause()
  document.body.append(video)
  await pause()
  expect(settled).toBe(false)
  const before = count
  expect(before).toBeGreaterThan(0)
  await video.play()
  await frames(video, 3)
  await vi.waitFor(() => expect(count).toBeGreaterThan(before))
  controller.abort()
  await classifying
  video.remove()
})

it('ends at once if it is aborted while the callback hangs', async () => {
  const { video } = await camera()
  const controller = new AbortController()
  await classifyFrames(
    async () => answers,
    video,
    () => {
      setTimeout(() => controller.abort(), 20)
      return new Promise(() => {})
    },
    controller.signal,
  )
})

it('says DISPOSED if the model is disposed of while it runs or waits for a frame', async () => {
  for (const isPaused of [false, true]) {
    const model = await load('nsfw-1.4-224')
    const { video, stream } = await camera()
    if (isPaused) video.pause()
    const left = countListeners(video, stream)
    const classifying = model.webcam(video, () => model.dispose())
    if (isPaused) setTimeout(() => model.dispose(), 100)
    await expect(classifying).rejects.toMatchObject({ code: 'DISPOSED' })
    await vi.waitFor(() => expect(left()).toBe(0))
    stop()
  }
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
