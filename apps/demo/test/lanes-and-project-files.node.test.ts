/// <reference types="vite/client" />
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { stagesOf } from '../src/parts/inside/stages.js'
import { type Lane, laneSpread, margin, outcomeOf, ranked } from '../src/parts/race/lanes.js'
import { hasFinished } from '../src/parts/race/runs.js'
import { browserName } from '../src/parts/race/this-machine.js'
import { codeFor } from '../src/parts/teach/exports.js'
import { emptyClass, firstClasses, lacksNothingOfThese, lessonKey, objection, type TaughtClass } from '../src/parts/teach/lesson.js'
import { readProject, writeProject } from '../src/parts/teach/project-file.js'

const lane = (id: Lane['id'], times: readonly number[], state: Lane['state'] = 'done'): Lane => ({
  id,
  state,
  times,
  device: '',
  message: '',
})

test('the outcome of a race: medians, the middle half, the winner, and the best lane of each other library', () => {
  expect(laneSpread(lane('wasm-1', [10, 30, 20, 40, 50]))).toEqual({ median: 30, low: 20, high: 40 })
  expect(laneSpread(lane('wasm-1', [10, 20]))).toEqual({ median: 15, low: 12.5, high: 17.5 })
  expect(laneSpread(lane('wasm-1', []))).toBeNull()
  const lanes = [
    lane('webgpu', [], 'waiting'),
    lane('tfjs-cpu', [500]),
    lane('tfjs-wasm', [21]),
    lane('wasm-1', [12]),
    lane('wasm-n', [10]),
    lane('onnxruntime-web', [1], 'failed'),
  ]
  expect(ranked(lanes).map(({ id }) => id)).toEqual(['wasm-n', 'wasm-1', 'tfjs-wasm', 'tfjs-cpu', 'webgpu', 'onnxruntime-web'])
  const outcome = outcomeOf(lanes)!
  expect(outcome.winner.id).toBe('wasm-n')
  expect(margin(outcome)).toBe('2.1 times as fast as TensorFlow.js')
  expect(margin(outcomeOf([lane('wasm-1', [10])])!)).toBe('')
  expect(outcomeOf([lane('wasm-1', [], 'failed')])).toBeNull()
})

test('nobody has won if the middle halves of the first two overlap', () => {
  const close = outcomeOf([lane('wasm-1', [10, 12, 14, 16]), lane('wasm-n', [11, 13, 15, 17])])!
  expect(close.tiedWith?.id).toBe('wasm-n')
  expect(outcomeOf([lane('wasm-1', [10, 11, 12]), lane('wasm-n', [20, 21, 22])])!.tiedWith).toBeNull()
})

test('a racer runs 20 times, unless it is slow', () => {
  expect(hasFinished(Array(19).fill(12))).toBe(false)
  expect(hasFinished(Array(20).fill(12))).toBe(true)
  expect(hasFinished([900, 900, 900])).toBe(false)
  expect(hasFinished([900, 900, 900, 900])).toBe(true)
})

test('a browser is known by its brands, or else by its user agent', () => {
  const chromium = {
    platform: 'Linux',
    brands: [
      { brand: 'Not)A;Brand', version: '8' },
      { brand: 'Chromium', version: '156' },
      { brand: 'Google Chrome', version: '156' },
    ],
  }
  expect(browserName({ userAgent: '', userAgentData: chromium })).toBe('Google Chrome 156')
  const agents = {
    'Firefox 153': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
    'Safari 26.1':
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  }
  for (const [name, userAgent] of Object.entries(agents)) expect(browserName({ userAgent })).toBe(name)
})

const withPictures = (one: TaughtClass, count: number): TaughtClass => ({
  ...one,
  samples: Array.from({ length: count }, (_, index) => ({ id: `${one.key}-${index}`, file: new Blob([]) })),
})

test('what is in the way of a training, and when a class for everything else is suggested', () => {
  const [first, second] = firstClasses() as [TaughtClass, TaughtClass]
  expect(objection([first])).toBe('Add a second class.')
  expect(objection([first, second])).toBe('Add 2 or more pictures to each class.')
  expect(objection([withPictures(first, 2), second])).toMatch(/^Add pictures to “Class 2”/)
  expect(objection([withPictures(first, 2), withPictures(second, 1)])).toMatch(/^Add another picture to “Class 2”/)
  const lesson = [withPictures(first, 2), withPictures(second, 2)]
  expect(objection(lesson)).toBeNull()
  expect(objection([lesson[0]!, { ...lesson[1]!, name: ' Class 1' }])).toMatch(/Two classes are called “Class 1”/)
  expect(objection([lesson[0]!, { ...lesson[1]!, name: ' ' }])).toBe('Give every class a name.')
  expect(lacksNothingOfThese([first, second])).toBe(false)
  expect(lacksNothingOfThese(lesson)).toBe(true)
  expect(lacksNothingOfThese([...lesson, emptyClass(lesson, 'Something else')])).toBe(false)
  expect(lessonKey([{ ...lesson[0]!, name: 'Other' }, lesson[1]!])).toBe(lessonKey(lesson))
  expect(lessonKey([lesson[0]!, withPictures(second, 3)])).not.toBe(lessonKey(lesson))
})

test('a project file comes back, whatever its classes are called; a zip of folders is read as one, and another zip is not', async () => {
  const picture = (text: string): Blob => new Blob([text], { type: 'image/png' })
  const classes = [
    { name: 'a/b', pictures: [picture('1'), picture('2')] },
    { name: 'a_b', pictures: [picture('3')] },
    { name: '…', pictures: [] },
  ]
  const read = readProject(await writeProject(classes))!
  expect(read.map(({ name }) => name)).toEqual(['a/b', 'a_b', '…'])
  expect(await Promise.all(read.flatMap(({ pictures }) => pictures.map((one) => one.text())))).toEqual(['1', '2', '3'])
  const bytes = new Uint8Array([1])
  const folders = readProject(
    zipSync({ 'p/cat/1.jpg': bytes, 'p/dog/1.JPG': bytes, '__MACOSX/p/cat/._1.jpg': bytes, 'p/notes.txt': bytes }),
  )
  expect(folders!.map(({ name, pictures }) => [name, pictures.length])).toEqual([
    ['cat', 1],
    ['dog', 1],
  ])
  expect(readProject(zipSync({ 'model.json': bytes, 'weights.bin': bytes }))).toBeNull()
})

test('the code for a saved network that is not square cuts a part of its own ratio', () => {
  const saved = {
    labels: ['cat', 'dog'],
    preprocessing: {
      geometry: { kind: 'shorterSide', size: 128, rounding: 'torchvision' },
      interpolation: 'bilinear',
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    },
    width: 96,
    height: 128,
  } as const
  expect(codeFor('onnx', saved)).toContain('[across, down] = [shorter * 96 / 128, shorter]')
  expect(codeFor('tflite', saved)).toContain('across, down = shorter * 96 / 128, shorter')
})

test('a pool is called by what it takes of a map', () => {
  const titles = (pool: 'average' | 'max') => stagesOf(defineMobileNetV2({ pool })).map(({ title }) => title)
  expect(titles('average').slice(-2)).toEqual(['Average', 'Classifier'])
  expect(titles('max').slice(-2)).toEqual(['Maximum', 'Classifier'])
})
